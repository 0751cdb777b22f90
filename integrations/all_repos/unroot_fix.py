"""Takes root away from the notebooks of every repository that all-repos knows.

`python -m unroot_fix` clones, runs `unroot --write`, commits with the report as message, and hands the branch to the push module of
the configuration. A repository in which something cannot be read is named and left as it is.
"""
from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Sequence

from all_repos import autofix_lib
from all_repos.config import Config
from all_repos.grep import repos_matching

SUBJECT = 'Take root access away from SageMaker notebooks'

# The message is that of the repository: git asks this hook for it, whatever all-repos says.
HOOK = '#!/bin/sh\ncat "$(git rev-parse --git-dir)/unroot.md" > "$1"\n'


def find_repos(config: Config) -> list[str]:
    return sorted(repos_matching(config, ('-e', 'sagemaker_notebook_instance', '-e', 'root_access')))


def apply_fix() -> None:
    folder = subprocess.check_output(('git', 'rev-parse', '--absolute-git-dir'), text=True).strip()
    report = os.path.join(folder, 'unroot.md')
    # --exit-zero: what is left for review is in the report, and errors still end the run.
    autofix_lib.run('unroot', '--write', '--quiet', '--exit-zero', f'--report=markdown={report}')
    with open(report, encoding='UTF-8') as file:
        heading, _, body = file.read().partition('\n')
    with open(report, 'w', encoding='UTF-8') as file:
        file.write(f'{SUBJECT}\n\n{body.lstrip()}')
    hook = os.path.join(folder, 'hooks', 'prepare-commit-msg')
    os.makedirs(os.path.dirname(hook), exist_ok=True)
    with open(hook, 'w') as file:
        file.write(HOOK)
    os.chmod(hook, 0o755)


def check_fix() -> None:
    # What was fixed is fixed: nothing that a second run would change.
    again = subprocess.run(('unroot', '--format', 'diff'), check=False, capture_output=True)
    if again.returncode or again.stdout:
        raise SystemExit('a second run would change more')


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    autofix_lib.add_fixer_args(parser)
    repos, config, commit, settings = autofix_lib.from_cli(
        parser.parse_args(argv), find_repos=find_repos, msg=SUBJECT, branch_name='unroot',
    )
    autofix_lib.fix(
        repos, apply_fix=apply_fix, check_fix=check_fix, config=config, commit=commit, autofix_settings=settings,
    )
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
