"""The links to Wikidata: where each was checked, and what Wikidata lacks."""

from flask import Blueprint, render_template

from server.pages.behind import keep_page
from server.pages.choices import choice, only
from server.pages.identity import LINKS, MATCHES, Entry, identity
from server.pages.kinds import KINDS

blueprint = Blueprint("links", __name__)


@blueprint.get("/links")
def links() -> str:
    """Show all links, gaps and codes; ``?match=``, ``?status=`` and ``?kind=`` narrow the links."""
    only("match", "status", "kind")
    known = identity()
    matches, kinds = dict(MATCHES.values()), {kind.key: kind.title for kind in KINDS}
    statuses = sorted({link.status for link in known.links})
    match, status = choice("match", matches), choice("status", statuses)
    kind = choice("kind", kinds)
    keep_page()

    def of_kind(entry: Entry) -> bool:
        return not kind or (entry.iri in known.kinds and known.kinds[entry.iri][0].key == kind)

    shown = [
        link
        for link in known.links
        if match in ("", link.match) and status in ("", link.status) and of_kind(link)
    ]
    used = {known.kinds[entry.iri][0].key for entry in known.links if entry.iri in known.kinds}
    return render_template(
        "links.html",
        links=shown,
        total=len(known.links),
        gaps=list(filter(of_kind, known.gaps)),
        codes=list(filter(of_kind, known.codes)),
        unlinked=[group for group in known.unlinked if kind in ("", group.kind.key)],
        matches={
            key: text for key, text in matches.items() if any(key == link.match for link in known.links)
        },
        statuses=statuses,
        kinds={key: title for key, title in kinds.items() if key in used},
        chosen={"match": match, "status": status, "kind": kind},
        behind=LINKS,
    )
