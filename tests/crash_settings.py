"""The product's settings with the dawdling mailbox, for the processes that test_worker_crash starts."""

from zibo_projects.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.slow_mailbox.DawdlingBackend"
