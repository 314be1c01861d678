"""Sending many emails from one mailbox takes as long as Exchange's limit, and hardly more."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from tests.fakes.graph.faults import Faults
from tests.integrations.graph_post import BOX, MAIL, Post, Sleeper, post_in

MAILS = 600
LIMIT = dt.timedelta(minutes=MAILS / 30)
"""30 emails a minute."""
A_REQUEST = 0.3
"""Seconds that Graph takes for each request."""


def test_six_hundred_mails_from_one_mailbox_take_at_most_a_tenth_more_than_the_limit(
    tmp_path: Path,
) -> None:
    with post_in(tmp_path, Faults(seed=1, throttled=0.03)) as post:
        sleep = Sleeper(post.clock)
        post.graph._takes = lambda: sleep(A_REQUEST)
        start = post.clock.now
        for number in range(MAILS):
            sends(post, f"mail:{number}")

        assert len({each.key for each in post.graph.boxes.left}) == MAILS
        assert post.graph.too_many == {}, "no limit was broken"
        assert post.graph.faults.happened["throttled"] > 30, "though Graph throttled all the same"
        took = post.clock.now - start
        print(f"{MAILS} mails took {took / LIMIT:.3f} times the limit's {LIMIT}")
        assert LIMIT < took <= LIMIT * 1.1


def sends(post: Post, key: str) -> None:
    """Make the three requests that the worker makes for an email."""
    assert post.mailer.find(BOX, key) is None
    draft = post.mailer.draft(replace(MAIL, key=key))
    post.mailer.send(BOX, draft.ref)
