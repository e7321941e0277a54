"""The tables of the method, typed from its text, and the score by its formulas."""

from collections.abc import Mapping, Sequence
from math import exp, log10

CHOICES = {
    "stage": "exploring first-production scaling",
    "boundary": "any-vendor contract strict-contract cloud-service own-cloud own-premises",
    "terms": "zero-retention eu-region us-region audited",
    "cloud": "aws azure google other-cloud",
    "scope": "all part",
    "connection": "always outages never",
    "hardware": "laptop workstation unified-memory gpu-server to-be-bought",
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
# Questions that take several answers.
SEVERAL = ("terms", "cloud", "rules")
# question, an earlier one: the answers to it that lead there; one earlier question is enough
ASKED_IF = {
    "terms": {"boundary": "strict-contract unsure"},
    "cloud": {"boundary": "cloud-service unsure"},
    "scope": {"boundary": "strict-contract cloud-service own-cloud own-premises unsure"},
    "hardware": {"boundary": "own-premises unsure", "connection": "outages never unsure"},
}
ALL_CHOICES = [(question, key) for question, keys in CHOICES.items() for key in keys.split()]

# criterion, answers, values of closed-api / hosted-open / self-cloud / self-onprem / hybrid;
# a value without a number follows from the parts of the option
VALUES = [
    # Capability is measured; this is what is added to it.
    ("capability", "modality=text", "0/0/0/0/0"),
    ("capability", "modality=images", "0/0/0/0/0"),
    ("capability", "modality=live-av", "0/-30/-30/-30/-10"),
    ("data-control", "boundary=contract scope=all", "40/45/85/100/50"),
    ("data-control", "boundary=contract scope=part", "40/45/85/100/80"),
    ("data-control", "boundary=cloud-service scope=all", "65/65/85/100/50"),
    ("data-control", "boundary=cloud-service scope=part", "65/65/85/100/80"),
    ("operations", "team=nobody", "100/92/25/5/"),
    ("operations", "team=devops", "100/95/55/30/"),
    ("operations", "team=ml-platform", "100/97/80/60/"),
    ("speed", "", "100/95/45/10/"),
    ("customisation", "training=prompts", "100/100/100/100/"),
    ("customisation", "training=light", "45/80/100/95/"),
    ("customisation", "training=own-model", "15/60/100/95/"),
    ("independence", "", "20/75/92/100/65"),
    ("safety-support", "", "100/65/35/25/80"),
    ("elasticity", "traffic=steady", "100/97/85/75/"),
    ("elasticity", "traffic=office", "100/95/55/35/"),
    ("elasticity", "traffic=spiky", "100/90/30/10/"),
]

# The criterion that each choice of the last question but 'balanced' adds to
PRIORITIES = ["cost", "independence", "data-control", "capability", "speed"]

# (question, criterion): points in the order of the choices
POINTS = {
    ("task", "capability"): (0.5, 1.5, 4, 3),
    ("modality", "capability"): (0, 0.5, 1.5),
    ("boundary", "data-control"): (0.25, 1, 2, 2.5, 3, 4),
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

# What a choice asks of a host; of facts with a bar between them one is enough
_CONTRACT = "contract, no-training"
REQUIRES = {
    ("boundary", "contract"): _CONTRACT,
    ("boundary", "strict-contract"): (
        f"{_CONTRACT}, zero-retention|eu-region|us-region(unless terms)"
    ),
    ("boundary", "cloud-service"): f"{_CONTRACT}, aws|azure|google|other-cloud",
    ("boundary", "own-cloud"): _CONTRACT,
    ("boundary", "own-premises"): _CONTRACT,
    **{("terms", key): key for key in CHOICES["terms"].split()},
    **{("cloud", key): key for key in CHOICES["cloud"].split()},
    ("rules", "gdpr"): "contract",
    ("rules", "hipaa"): "hipaa",
}

# How common the answers are, where they are not all alike; of the volume, its numbers
SHARES = {
    "stage": (0.40, 0.35, 0.25),
    "boundary": (0.20, 0.35, 0.15, 0.15, 0.10, 0.05),
    "scope": (0.6, 0.4),
    "connection": (0.90, 0.07, 0.03),
    "modality": (0.75, 0.20, 0.05),
    "volume": (0.35, 0.30, 0.20, 0.10, 0.05),
    "training": (0.65, 0.25, 0.10),
}

PARAMETERS = {
    ("task", "difficulty"): (112, 131, 151, 136),
    ("task", "slope"): (0.09, 0.10, 0.12, 0.10),
    ("task", "rest-difficulty"): (112, 112, 136, 131),
    ("task", "rest-slope"): (0.09, 0.09, 0.10, 0.10),
    ("task", "reasoning"): (1, 1.5, 6, 3),
    ("team", "staffing"): (1.5, 1, 0.8),
    ("stage", "staffing"): (0.5, 1, 1),
    ("deadline", "starts-in"): (1, 3, 6),
    ("training", "tuned"): (0, 1, 1),
    ("scope", "sensitive"): (None, 1),
    ("task", "hard-share"): (0.05, 0.10, 0.50, 0.15),
    ("traffic", "peak"): (1.5, 4.2, 8),
    ("size", "tokens-in"): (600, 1500, 8000, None),
    ("size", "tokens-out"): (50, 400, 600, None),
}

# key: default, low, high; None is taken from the GPU, an answer or a price list, or computed
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
    "owned_gpus": (0, 0, 10_000),
    "electricity": (0.15, 0, 5),
    "salary": (180_000, 0, 2_000_000),
    "people": (1, 0, 1),
    "people_closed": (0.05, 0, 50),
    "people_hosted": (0.1, 0, 50),
    "people_hybrid": (0.15, 0, 50),
    "people_rented": (0.4, 0, 50),
    "people_owned": (0.7, 0, 50),
    "people_device": (0.1, 0, 50),
    "people_fleet_hybrid": (0.1, 0, 50),
    "people_per_gpu": (0.02, 0, 5),
    "people_per_gpu_own": (0.03, 0, 5),
    "fte_closed": (None, 0, 50),
    "fte_hosted": (None, 0, 50),
    "fte": (None, 0, 50),
    "fte_onprem": (None, 0, 50),
    "fte_hybrid": (None, 0, 50),
    "peak": (None, 1, 50),
    "hard_share": (None, 0, 1),
    "sensitive_share": (0.3, 0, 1),
    "reasoning": (None, 1, 50),
    "price_in_closed-api": (None, 0, 1000),
    "price_out_closed-api": (None, 0, 1000),
    "price_in_hosted-open": (None, 0, 1000),
    "price_out_hosted-open": (None, 0, 1000),
    "tuned_factor": (1.5, 1, 10),
    "training_tokens": (10_000_000, 0, 10**12),
    "training_epochs": (3, 0, 100),
    "training_price": (3, 0, 1000),
    "growth": (0, 0, 0.2),
    "setup_closed": (0.25, 0, 120),
    "setup_hosted": (0.5, 0, 120),
    "setup": (2, 0, 120),
    "setup_onprem": (4, 0, 120),
    "setup_hybrid": (2.5, 0, 120),
}

ORDER = ("closed-api", "hosted-open", "self-cloud", "self-onprem", "hybrid")
TIES = ("closed-api", "hosted-open", "hybrid", "self-cloud", "self-onprem")
_ASKS_SCOPE = {"strict-contract", "cloud-service", "own-cloud", "own-premises"}
# What a hybrid loses against its parts, and what routing leaves of its closed model's capability.
_HYBRID_LOSES, _ROUTED = 5, 0.97
SENSITIVE_SHARE = 0.3


def ruled_out(answers: Mapping[str, str]) -> set[str]:
    """Return what the answers rule out, by the table of vetoes."""
    out = set()
    for key in ("boundary", "connection"):
        for word in VETOES.get((key, answers[key]), "").split():
            option, _, condition = word.partition("(")
            if not condition or answers["scope"] == "all":
                out.add(option)
    return out


def parameter(answers: Mapping[str, str], question: str, name: str) -> float:
    """Return the number that the answer to a question hands over."""
    value = PARAMETERS[question, name][CHOICES[question].split().index(answers[question])]
    return 0.0 if value is None else float(value)


def chance(answers: Mapping[str, str], eci: float) -> float:
    """Return how much of the hardest work a model of an index solves."""
    difficulty = parameter(answers, "task", "difficulty")
    slope = parameter(answers, "task", "slope")
    return 1 / (1 + exp(-slope * (eci - difficulty)))


def rest_runs_at(answers: Mapping[str, str]) -> str:
    """Return the option on which the rest of a hybrid runs."""
    out = ruled_out(answers)
    return next(o for o in ORDER[1:4] if o not in out)


def sensitive_share(answers: Mapping[str, str]) -> float:
    """Return the part of the requests that must stay inside."""
    is_part = answers["boundary"] in _ASKS_SCOPE and answers["scope"] == "part"
    return SENSITIVE_SHARE if is_part and rest_runs_at(answers) != "hosted-open" else 0.0


def hybrid_ratio(answers: Mapping[str, str], hard: float, inside: float) -> float:
    """Return what a hybrid solves, from the chances of its two models over the best."""
    shared = sensitive_share(answers)
    return (1 - shared) * _ROUTED * hard + shared * inside


def at_stake(reference: float, top: float) -> float:
    """Return the points of cost for the dollars between the cheapest and the dearest option."""
    return 3 * min(1.0, max(0.0, log10(max(top - reference, 1e-9) / 300) / 3))


def cost_values(costs: Sequence[float], reference: float) -> list[float]:
    """Return what each option is worth on cost, against what costs are compared with."""
    return [min(100.0, 100 * max(0.0, 1 - log10(cost / reference))) for cost in costs]


def scores(
    answers: Mapping[str, str],
    costs: Sequence[float],
    ratios: Sequence[float],
    reference: float,
    stake: float,
) -> list[float]:
    """Return V of each option, by the formulas of the method; every answer is known.

    `ratios` are the chances of the models that stand for the options over the best, `reference`
    the dollars that costs are compared with, `stake` the points of cost for what is at stake.
    """
    values = _values(answers)
    values["capability"] = [
        100 * ratio + change for ratio, change in zip(ratios, values["capability"], strict=True)
    ]
    values = {k: [min(100.0, max(0.0, v)) for v in row] for k, row in values.items()}
    values["cost"] = cost_values(costs, reference)
    rest = ORDER.index(rest_runs_at(answers))
    for criterion in ("operations", "speed", "elasticity", "customisation"):
        row = values[criterion]
        parts = [row[rest]] if criterion == "customisation" else [row[0], row[rest]]
        row.append(max(0.0, min(parts) - _HYBRID_LOSES))
    points = dict.fromkeys(values, 0.0)
    for (question, criterion), given in POINTS.items():
        points[criterion] += given[CHOICES[question].split().index(answers[question])]
    points["cost"] += stake
    total = sum(points.values())
    return [
        sum(points[c] * values[c][place] for c in points) / total for place in range(len(ORDER))
    ]


def _values(answers: Mapping[str, str]) -> dict[str, list[float]]:
    """Return the values of the tables; those that follow from a hybrid's parts are not there."""
    looked_up = dict(answers)
    if answers["boundary"] not in _ASKS_SCOPE:
        # Without the question of the part the values are those of 'all'.
        looked_up["scope"] = "all"
    if answers["boundary"] != "cloud-service":
        # All other answers leave the values as 'contract' does.
        looked_up["boundary"] = "contract"
    values = {}
    for criterion, condition, row in VALUES:
        pairs = [pair.split("=") for pair in condition.split()]
        if all(looked_up[key] == value for key, value in pairs):
            values[criterion] = [float(value) for value in row.split("/") if value]
    return values


def winner(answers: Mapping[str, str], found: Sequence[float]) -> str | None:
    """Return the winning option by its scores; equals go to what is easier to undo."""
    left = [option for option in ORDER if option not in ruled_out(answers)]
    if not left:
        return None
    return min(left, key=lambda o: (-round(found[ORDER.index(o)], 9), TIES.index(o)))
