"""The scenarios come out as they say; published decisions are compared, not tuned to."""

import json
from pathlib import Path

import pytest

from apps.decision.flow import next_question
from tests.world import World

CASES = json.loads((Path(__file__).parent / "published_decisions.json").read_text("utf-8"))
SCENARIOS = (
    ("maximum-capability", "Closed"),
    ("strict-data-privacy", "Open"),
    ("quick-prototype", "Closed"),
    ("high-volume-production", "Open"),
    ("regulated-industry", "Open"),
    ("small-team", "Closed"),
    ("custom-domain-model", "Open"),
    ("multimodal-applications", "Closed"),
    ("edge-offline", "Open"),
    ("startup-exploring", "Closed"),
    ("hybrid", "Hybrid"),
)


@pytest.mark.parametrize(("slug", "winner"), SCENARIOS)
def test_a_scenario_comes_out_as_it_says(world: World, slug: str, winner: str) -> None:
    answers, stated = world.scenarios[slug]
    assert stated == winner
    decision = world.decide(**dict(answers.choices))
    assert decision.verdict.group == winner
    assert next_question(world.rulebook, answers) is None


def test_there_are_no_other_scenarios(world: World) -> None:
    assert set(world.scenarios) == {slug for slug, _ in SCENARIOS}


def test_published_decisions_are_reported(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lines, hits = [], 0
    for case in CASES:
        verdict = world.decide(**case["answers"]).verdict
        group = verdict.group.value if verdict.group else "none"
        hit = group in case["acceptable"]
        hits += hit
        chosen = "/".join(case["acceptable"])
        lines.append(f"  {'as' if hit else 'NOT as'} decided: {case['id']}: {group}, {chosen}")
    with capsys.disabled():
        print(f"\nPublished decisions: {hits} of {len(CASES)} in their acceptable groups.")
        print("\n".join(lines))
    assert len(lines) == len(CASES) == 12
