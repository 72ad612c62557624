"""Post-processing: the number of a species becomes its name, one answer for each flower."""

SPECIES = ["setosa", "versicolor", "virginica"]


def process(content):
    """Return `[{"species": "setosa", "probability": 0.98}, ...]`."""
    species, probabilities = content  # in the order of the model's outputs
    return [
        {"species": SPECIES[number], "probability": round(float(row[number]), 4)}
        for number, row in zip(species, probabilities, strict=True)
    ]
