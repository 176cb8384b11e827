"""The pictures: which there are, where they are shown, and that they are small."""

import re

from tacit.files import REPOSITORY
from tests.browser.screenshots import FOLDER, MOST_BYTES, PICTURES
from tests.docs.pages import text


def test_each_picture_is_taken_shown_and_told_in_words() -> None:
    shown = dict(re.findall(r"!\[(.*?)\]\(docs/screenshots/(\w+)\.png\)", text("README.md"))).items()
    assert {name for _, name in shown} == PICTURES.keys() == {path.stem for path in FOLDER.iterdir()}
    assert all(len(words) > 40 for words, _ in shown)


def test_whoever_clones_the_repository_gets_small_ones() -> None:
    assert FOLDER.is_relative_to(REPOSITORY)
    assert [path.name for path in FOLDER.iterdir() if path.stat().st_size > MOST_BYTES] == []
