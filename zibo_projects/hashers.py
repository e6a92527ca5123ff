"""Password hashes: argon2id at the least memory the guidance allows."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LeanArgon2PasswordHasher(Argon2PasswordHasher):
    """argon2id with 19 MiB a hash; Django's 100 MB would let a few sign-ins fill a small server."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
