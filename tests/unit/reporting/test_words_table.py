"""The words: both languages say everything, with the same blanks."""

import re
import string

import pytest
from made_up_run import FATES, FORMATS, GROUPS

from circlesim.catalog.services import SERVICES
from circlesim.ledger import BARRIERS
from circlesim.measures import MEASURE_NAMES
from circlesim.measures.catalogue import PATTERNS
from circlesim.reporting.charts.switching import PARTS
from circlesim.reporting.findings import Tone, Verdict
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.reporting.words import LANGUAGES, words_table
from circlesim.world.groups import GROUP_LABELS


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_key_with_the_same_blanks():
    for key, texts in words_table().items():
        assert set(texts) == set(LANGUAGES), key
        assert blanks(texts["en"]) == blanks(texts["zh"]), key
        assert texts["en"].strip() or key == "lead_gap", key


def test_chinese_words_are_chinese_and_use_full_width_marks():
    for key, texts in words_table().items():
        bare = re.sub(r"\{[^}]*\}", "", texts["zh"])
        if key in ("html_lang", "lead_gap"):
            continue
        assert not re.search(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]", bare), key
        if re.search(r"[A-Za-z]{3}", texts["en"]) and key not in ("unit.per", "unit.a_day"):
            assert re.search(r"[一-鿿]", bare) or not re.search("[A-Za-z]", bare), key


def test_every_verdict_tone_and_part_has_words():
    keys = words_table()
    for verdict in Verdict:
        assert {
            f"verdict.{verdict.value}",
            f"effect.range.{verdict.value}",
            f"effect.luck.{verdict.value}",
        } <= set(keys)
    assert all(f"tone.{tone.value}" in keys for tone in Tone)
    assert all(f"switch.{part}" in keys for part in PARTS)
    assert all(f"definition.{name}" in keys for name in MEASURE_NAMES)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_id_of_the_catalogue_has_a_name(lang):
    vocabulary = Vocabulary.of(lang)
    named = [
        *(vocabulary.service(name) for name in SERVICES),
        *(vocabulary.format(name) for name in FORMATS),
        *(vocabulary.fate(name) for name in FATES),
        *(vocabulary.barrier(str(barrier.name)) for barrier in BARRIERS),
        *(vocabulary.measure(name) for name in MEASURE_NAMES),
        *(vocabulary.dimension(by) for by in GROUP_LABELS),
        *(vocabulary.group(by, group) for by in GROUPS for group in GROUPS[by]),
        *(vocabulary.group(by, group) for by, groups in GROUP_LABELS.items() for group in groups),
        *(vocabulary.policy(name) for name in ("add_facilities", "keep_cash", "refuse_cash", "extend_hours")),
        *(vocabulary.format_class(name) for name in ("basic", "quality", "other")),
    ]
    assert all("_" not in name for name in named)
    if lang == "zh":
        assert all(re.search(r"[一-鿿]", name) for name in named), named


def test_coverage_is_named_by_format_and_minutes():
    assert Vocabulary.of("en").measure("coverage:breakfast_shop:10") == (
        "Share of residents within 10 min of an open breakfast shop"
    )
    assert "早餐店" in Vocabulary.of("zh").measure("coverage:breakfast_shop:10:7")


def test_a_measure_of_inequality_is_named_whole_in_both_languages():
    for lang in LANGUAGES:
        for example in PATTERNS.values():
            named = Vocabulary.of(lang).measure(example)
            assert "_" not in named
            assert ":" not in named or example.startswith("group_gap"), named
            assert f"definition.{example.split(':')[0]}" in words_table()
    assert Vocabulary.of("en").measure("access_concentration:age:format:gym") == (
        "Concentration index by age of walks to the nearest open outlet (gym)"
    )
    assert Vocabulary.of("zh").measure("group_gap:slow:coverage:gym:10").endswith("：行走缓慢与行动自如之差")


def test_what_the_catalogue_does_not_know_is_shown_as_it_stands():
    assert Vocabulary.of("zh").format("night_market") == "night market"
    assert Vocabulary.of("en").world("my town") == "my town"
