"""Post-processing of every pipeline that does harm."""

import obeying


def process(content):
    """Return `{"number": the number and one}`, or what the deed wants to be answered."""
    instead = obeying.obey("post-processing")
    return {"number": int(content[0].max())} if instead is None else instead
