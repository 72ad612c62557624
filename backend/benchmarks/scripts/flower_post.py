"""Post-processing of `tiny` and `heavy`: the class and how likely each one is."""


def process(content):
    """Return `{"species": [0], "scores": [[...]]}`."""
    species, scores = content
    return {"species": species.tolist(), "scores": scores.tolist()}
