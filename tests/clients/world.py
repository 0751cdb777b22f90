"""What the tests of clients share: the wheel under test, repositories of Terraform code, and running programs."""
from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The folder of the wheel, which `.ci/packages` makes.
WHEELS = pathlib.Path(os.environ['UNROOT_WHEELS'])

# The folder of the clients, and of the program as pip has installed it.
CLIENTS = pathlib.Path(sys.executable).parent
PROGRAM = pathlib.Path(os.environ['UNROOT_PROGRAM'])

NOTEBOOK = '''resource "aws_sagemaker_notebook_instance" "lab" {
  name          = "lab"
  role_arn      = "arn:aws:iam::123456789012:role/lab"
  instance_type = "ml.t3.medium"
  root_access   = var.root_access
}

variable "root_access" {
  type = string
}
'''
CALLER = '''variable "access" {
  type = string
}

module "lab" {
  source      = "./lab"
  root_access = var.access
}
'''
GOOD = 'access = "Disabled"\n'
BAD = 'access = "Enabled"\n'
TREE = {'main.tf': CALLER, 'lab/main.tf': NOTEBOOK, 'terraform.tfvars': GOOD}


def environment(**more: str) -> dict[str, str]:
    """An environment in which neither a user's settings nor the mode of this run has a say."""
    kept = {
        name: value for name, value in os.environ.items()
        if not name.startswith(('GIT_', 'UNROOT_', 'PRE_COMMIT', 'GITHUB_', 'RUNNER_'))
    }
    kept.update(
        GIT_CONFIG_GLOBAL='/dev/null', GIT_CONFIG_NOSYSTEM='1', GIT_AUTHOR_NAME='test', GIT_AUTHOR_EMAIL='test@example.com',
        GIT_COMMITTER_NAME='test', GIT_COMMITTER_EMAIL='test@example.com', NO_COLOR='1',
    )
    # The wheel is all that pip finds.
    kept.update(PIP_NO_INDEX='1', PIP_FIND_LINKS=str(WHEELS))
    kept.update(more)
    return kept


def run(*command: str | pathlib.Path, cwd: pathlib.Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end; both of its streams are in `stdout`."""
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment(**more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )


def git(cwd: pathlib.Path, *arguments: str) -> str:
    ended = run('git', *arguments, cwd=cwd)
    if ended.returncode:
        raise AssertionError(f'git {arguments}: {ended.stdout}')
    return ended.stdout


def put(folder: pathlib.Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def repository(folder: pathlib.Path, files: dict[str, str]) -> pathlib.Path:
    """A git repository with these files in its first commit."""
    folder.mkdir(parents=True, exist_ok=True)
    put(folder, files)
    git(folder, 'init', '--quiet', '--initial-branch=main')
    git(folder, 'add', '--all')
    git(folder, 'commit', '--quiet', '--message', 'first')
    return folder


def temporary(test) -> pathlib.Path:
    """A folder that lasts as long as the test."""
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    return pathlib.Path(folder.name)
