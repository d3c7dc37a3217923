"""What the API answers is what its description says, whoever asks (Schemathesis).

`make drill-schema` asks thousands of times.
"""

import os

import pytest

REQUESTS = int(os.environ.get("ISNAD_REQUESTS", "150"))


@pytest.mark.django_db
def test_every_answer_is_one_that_the_description_tells_of(settings):
    from tests.kit.described import Drill, world  # dear to import, and only needed here

    settings.PUBLIC_API = True
    world()
    drill = Drill()
    drill.run(REQUESTS)
    assert not drill.troubles, "\n\n".join(f"{name}\n{told}" for name, told in drill.troubles.items())
    assert drill.answers[200]
