import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import * as Plot from "@observablehq/plot";
console.log(Yasqe, Plot);
