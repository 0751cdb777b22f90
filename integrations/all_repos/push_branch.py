"""A push module of all-repos that pushes the branch and opens nothing, for a host whose pull requests it does not know."""
from __future__ import annotations

from typing import NamedTuple

from all_repos import autofix_lib


class Settings(NamedTuple):
    pass


def push(settings: Settings, branch_name: str) -> None:
    autofix_lib.run('git', 'push', '--quiet', '--force', 'origin', f'HEAD:refs/heads/{branch_name}')
