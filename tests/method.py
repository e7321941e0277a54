"""The tables of the method, typed from its text, and the score by its formulas."""

from collections.abc import Mapping, Sequence
from math import log10

CHOICES = {
    "stage": "exploring first-production scaling",
    "boundary": "any-vendor contract strict-contract own-cloud own-premises",
    "scope": "all part",
    "connection": "always outages never",
    "rules": "none gdpr hipaa finance government eu-ai-act",
    "task": "simple documents expert mixed",
    "modality": "text images live-av",
    "volume": "",
    "size": "short chat document custom",
    "traffic": "steady office spiky",
    "team": "nobody devops ml-platform",
    "training": "prompts light own-model",
    "audience": "colleagues public high-stakes",
    "deadline": "weeks quarter none",
    "priority": "balanced cost independence privacy quality speed",
}
ALL_CHOICES = [(question, key) for question, keys in CHOICES.items() for key in keys.split()]

# criterion, answers, values of closed-api / hosted-open / self-cloud / self-onprem / hybrid
VALUES = [
    ("capability", "task=simple modality=text", "100/95/95/90/100"),
    ("capability", "task=documents modality=text", "100/90/88/80/98"),
    ("capability", "task=expert modality=text", "100/75/70/50/80"),
    ("capability", "task=mixed modality=text", "100/80/75/60/97"),
    ("capability", "task=simple modality=images", "100/87/87/82/100"),
    ("capability", "task=documents modality=images", "100/82/80/72/98"),
    ("capability", "task=expert modality=images", "100/67/62/42/80"),
    ("capability", "task=mixed modality=images", "100/72/67/52/97"),
    ("capability", "task=simple modality=live-av", "100/65/65/60/90"),
    ("capability", "task=documents modality=live-av", "100/60/58/50/88"),
    ("capability", "task=expert modality=live-av", "100/45/40/20/70"),
    ("capability", "task=mixed modality=live-av", "100/50/45/30/87"),
    ("data-control", "scope=all", "40/45/85/100/50"),
    ("data-control", "scope=part", "40/45/85/100/80"),
    ("operations", "team=nobody", "100/92/25/5/50"),
    ("operations", "team=devops", "100/95/55/30/65"),
    ("operations", "team=ml-platform", "100/97/80/60/80"),
    ("speed", "", "100/95/45/10/55"),
    ("customisation", "training=prompts", "100/100/100/100/100"),
    ("customisation", "training=light", "45/80/100/95/85"),
    ("customisation", "training=own-model", "15/60/100/95/85"),
    ("independence", "", "20/75/92/100/65"),
    ("safety-support", "", "100/65/35/25/80"),
    ("elasticity", "traffic=steady", "100/97/85/75/95"),
    ("elasticity", "traffic=office", "100/95/55/35/85"),
    ("elasticity", "traffic=spiky", "100/90/30/10/80"),
]

# The criterion that each choice of the last question but 'balanced' adds to
PRIORITIES = ["cost", "independence", "data-control", "capability", "speed"]

# (question, criterion): points in the order of the choices
POINTS = {
    ("task", "capability"): (0.5, 1.5, 4, 3),
    ("modality", "capability"): (0, 0.5, 1.5),
    ("boundary", "data-control"): (0.25, 1, 2, 3, 4),
    ("team", "operations"): (3, 1.5, 0.5),
    ("deadline", "speed"): (3, 1, 0.25),
    ("stage", "speed"): (1, 0.25, 0),
    ("training", "customisation"): (0, 1.5, 4),
    ("stage", "independence"): (0.25, 0.75, 1.25),
    ("audience", "safety-support"): (0.5, 1.25, 1.5),
    ("traffic", "elasticity"): (0.25, 0.75, 2),
    **{("priority", word): (0, *(2 * (word == w) for w in PRIORITIES)) for word in PRIORITIES},
}

VETOES = {
    ("boundary", "own-cloud"): "closed-api hosted-open hybrid(scope=all)",
    ("boundary", "own-premises"): "closed-api hosted-open self-cloud hybrid(scope=all)",
    ("connection", "outages"): "closed-api hosted-open self-cloud",
    ("connection", "never"): "closed-api hosted-open self-cloud hybrid",
}

PARAMETERS = {
    ("task", "tier"): (1, 2, 4, 4),
    ("task", "rest-tier"): (1, 1, 2, 2),
    ("task", "hard-share"): (0.05, 0.10, 0.50, 0.15),
    ("traffic", "peak"): (1.5, 4.2, 8),
    ("size", "tokens-in"): (600, 1500, 8000, None),
    ("size", "tokens-out"): (50, 400, 600, None),
}

# key: default, low, high; None is taken from the GPU, the traffic or the task
ASSUMPTIONS = {
    "retry": (0.05, 0, 0.5),
    "cached": (0, 0, 0.999),
    "batch": (0, 0, 1),
    "batch_discount": (0.5, 0, 0.9),
    "efficiency": (0.5, 0.05, 1),
    "spare": (1, 0, 10),
    "infra": (0.20, 0, 1),
    "infra_own": (0.10, 0, 1),
    "gpu_hourly": (None, 0.01, 100),
    "gpu_hourly_own": (None, 0.01, 100),
    "salary": (180_000, 0, 2_000_000),
    "fte_closed": (0.1, 0, 50),
    "fte_hosted": (0.15, 0, 50),
    "fte": (0.5, 0, 50),
    "fte_onprem": (1, 0, 50),
    "fte_hybrid": (0.6, 0, 50),
    "peak": (None, 1, 50),
    "hard_share": (None, 0, 1),
    "reasoning": (1, 1, 50),
    "growth": (0, 0, 0.2),
    "setup_closed": (0.25, 0, 120),
    "setup_hosted": (0.5, 0, 120),
    "setup": (2, 0, 120),
    "setup_onprem": (4, 0, 120),
    "setup_hybrid": (2.5, 0, 120),
}

ORDER = ("closed-api", "hosted-open", "self-cloud", "self-onprem", "hybrid")
TIES = ("closed-api", "hosted-open", "hybrid", "self-cloud", "self-onprem")
_ASKS_SCOPE = {"strict-contract", "own-cloud", "own-premises"}


def ruled_out(answers: Mapping[str, str]) -> set[str]:
    """Return what the answers rule out, by the table of vetoes."""
    out = set()
    for key in ("boundary", "connection"):
        for word in VETOES.get((key, answers[key]), "").split():
            option, _, condition = word.partition("(")
            if not condition or answers["scope"] == "all":
                out.add(option)
    return out


def scores(answers: Mapping[str, str], costs: Sequence[float]) -> list[float]:
    """Return V of each option, by the formulas of the method; every answer is known."""
    asked = dict(answers)
    if asked["boundary"] not in _ASKS_SCOPE:
        asked["scope"] = "not asked"
    # Without the question of the part the values are those of 'all'.
    looked_up = {**asked, "scope": "part" if asked["scope"] == "part" else "all"}
    values: dict[str, list[float]] = {}
    for criterion, condition, row in VALUES:
        pairs = [pair.split("=") for pair in condition.split()]
        if all(looked_up[key] == value for key, value in pairs):
            values[criterion] = [float(value) for value in row.split("/")]
    points = dict.fromkeys(values, 0.0) | {"cost": 0.0}
    for (question, criterion), given in POINTS.items():
        points[criterion] += given[CHOICES[question].split().index(asked[question])]
    values["cost"] = [100 * max(0.0, 1 - log10(cost / min(costs))) for cost in costs]
    stake = max(costs) - min(costs)
    points["cost"] += 3 * min(1.0, max(0.0, log10(max(stake, 1e-9) / 300) / 3))
    total = sum(points.values())
    return [
        sum(points[c] * min(100.0, max(0.0, values[c][place])) for c in points) / total
        for place in range(len(ORDER))
    ]


def winner(answers: Mapping[str, str], costs: Sequence[float]) -> str | None:
    """Return the winning option; equal scores go to what is easier to undo."""
    found = scores(answers, costs)
    left = [option for option in ORDER if option not in ruled_out(answers)]
    if not left:
        return None
    return min(left, key=lambda o: (-round(found[ORDER.index(o)], 9), TIES.index(o)))
