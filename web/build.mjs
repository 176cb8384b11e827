// Bundles web/src/*.js into build/web, with the notices of all that goes into it.
// `make setup` runs it; each file comes packed as well (.gz), as the server sends it.
import { build } from "esbuild";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "build", "web");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: here,
  // a file in a folder of src is part of another
  entryPoints: readdirSync(join(here, "src")).filter((name) => /\.(js|css)$/.test(name)).map((name) => `src/${name}`),
  outdir: out,
  bundle: true,
  format: "esm",
  splitting: true,
  chunkNames: "part-[hash]",
  minify: true,
  target: "es2022",
  legalComments: "none", // the notices below have them whole
  logLevel: "warning",
});

const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
const notices = Object.entries(lock.packages)
  .filter(([path, it]) => path && !it.dev && !it.optional)
  .map(([path, it]) => {
    const file = readdirSync(join(here, path)).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
    const text = file ? readFileSync(join(here, path, file), "utf8").trim() : "See the notice below.";
    return `${path.replace(/^.*node_modules\//, "")} ${it.version} (${it.license})\n\n${text}`;
  });
notices.push(readFileSync(join(here, "notices.txt"), "utf8").trim());
writeFileSync(join(out, "licences.txt"), notices.join(`\n\n${"-".repeat(80)}\n\n`) + "\n");

for (const name of readdirSync(out)) {
  writeFileSync(join(out, `${name}.gz`), gzipSync(readFileSync(join(out, name)), { level: 9 }));
}
