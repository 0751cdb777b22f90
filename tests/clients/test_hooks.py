"""The hooks of `.pre-commit-hooks.yaml` under real pre-commit.

pre-commit clones a repository of hooks and gives it to pip, which builds it. A build takes minutes, so here the repository's build
hands over the wheel that is there; with UNROOT_HOOKS=source it is this repository itself, as users have it.
"""
from __future__ import annotations

import os
import pathlib
import unittest

from world import BAD, CLIENTS, GOOD, ROOT, TREE, WHEELS, git, put, repository, run, temporary

PRE_COMMIT = CLIENTS / 'pre-commit'
SOURCE = os.environ.get('UNROOT_HOOKS') == 'source'

BACKEND = '''
import glob, os, shutil

def build_wheel(folder, config_settings=None, metadata_directory=None):
    (wheel,) = glob.glob({wheels!r})
    shutil.copy(wheel, folder)
    return os.path.basename(wheel)
'''


def hooks(folder: pathlib.Path) -> pathlib.Path:
    """The repository that holds the hooks."""
    if SOURCE:
        return ROOT
    project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    files = {
        '.pre-commit-hooks.yaml': (ROOT / '.pre-commit-hooks.yaml').read_text(),
        'pyproject.toml': project,
        'backend.py': BACKEND.format(wheels=str(WHEELS / '*.whl')),
    }
    return repository(folder, files)


class Hooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        # All tests share what pre-commit installs.
        cls.folder = pathlib.Path(os.environ['UNROOT_WORK']) / 'pre-commit'
        cls.hooks = hooks(cls.folder / 'hooks')
        cls.revision = git(cls.hooks, 'rev-parse', 'HEAD').strip()

    def pre_commit(self, tree: pathlib.Path, *arguments: str):
        # A build from source asks the registry for its tools.
        source = {'PIP_NO_INDEX': '0'} if SOURCE else {}
        return run(PRE_COMMIT, *arguments, cwd=tree, PRE_COMMIT_HOME=str(self.folder / 'home'), HOME=str(self.folder), **source,
                   **({'CARGO_HOME': os.path.expanduser('~/.cargo'), 'RUSTUP_HOME': os.path.expanduser('~/.rustup')} if SOURCE else {}))

    def tree(self, *hook: str, files=None) -> pathlib.Path:
        names = ''.join(f'      - id: {name}\n' for name in hook)
        configuration = f'repos:\n  - repo: {self.hooks}\n    rev: {self.revision}\n    hooks:\n{names}'
        tree = repository(temporary(self), {**(files or TREE), '.pre-commit-config.yaml': configuration})
        ended = self.pre_commit(tree, 'install', '--install-hooks')
        self.assertEqual(ended.returncode, 0, ended.stdout)
        return tree

    def commit(self, tree: pathlib.Path):
        git(tree, 'add', '--all')
        source = {'PRE_COMMIT_HOME': str(self.folder / 'home'), 'HOME': str(self.folder)}
        return run('git', 'commit', '--message', 'a change', cwd=tree, **source)

    def test_the_repository_offers_its_hooks(self) -> None:
        tree = repository(temporary(self), TREE)
        ended = self.pre_commit(tree, 'try-repo', str(self.hooks), 'unroot', '--ref', self.revision)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertIn('Passed', ended.stdout)
        put(tree, {'terraform.tfvars': BAD})
        git(tree, 'add', '--all')
        ended = self.pre_commit(tree, 'try-repo', str(self.hooks), 'unroot', '--ref', self.revision)
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertIn('root-access-via-reference', ended.stdout)

    def test_whatever_gives_root_back_is_stopped(self) -> None:
        tree = self.tree('unroot')
        override = {'lab/main_override.tf': 'resource "aws_sagemaker_notebook_instance" "lab" {\n  root_access = "Disabled"\n}\n'}
        put(tree, {'docs/notes.md': 'nothing\n', 'plain': '1\n'})
        ended = self.commit(tree)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        bad = [
            {'terraform.tfvars': BAD},
            {'prod.auto.tfvars': BAD},
            {'main.tf': TREE['main.tf'].replace('var.access', '"Enabled"')},
            {'lab/main.tf': TREE['lab/main.tf'].replace('var.root_access\n', '"Enabled"\n')},
            {'lab/z_override.tf': override['lab/main_override.tf'].replace('Disabled', 'Enabled')},
            {'Makefile': 'plan:\n\tterraform plan -var-file=odd.values\n', 'odd.values': BAD},
            {'other/main.tf': 'module "lab" {\n  source      = "../lab"\n  root_access = "Enabled"\n}\n'},
        ]
        for files in bad:
            with self.subTest(files=list(files)):
                put(tree, files)
                ended = self.commit(tree)
                self.assertEqual(ended.returncode, 1, ended.stdout)
                self.assertIn('notebooks without root', ended.stdout)
                self.assertIn('root-access-', ended.stdout)
                git(tree, 'reset', '--quiet', '--hard')

    def test_a_commit_that_only_removes_is_looked_at(self) -> None:
        tree = self.tree('unroot', files={**TREE, 'main.tf': TREE['main.tf'].replace('type = string', 'type    = string\n  default = "Enabled"')})
        (tree / 'terraform.tfvars').unlink()
        ended = self.commit(tree)
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertIn('root-access-via-reference', ended.stdout)

    def test_the_fix_is_made_and_then_passes(self) -> None:
        tree = self.tree('unroot-fix', 'unroot')
        put(tree, {'terraform.tfvars': BAD})
        ended = self.commit(tree)
        self.assertEqual(ended.returncode, 1, ended.stdout)
        self.assertIn('files were modified by this hook', ended.stdout)
        self.assertEqual((tree / 'terraform.tfvars').read_text(), GOOD)
        put(tree, {'docs/notes.md': 'nothing\n'})
        ended = self.commit(tree)
        self.assertEqual(ended.returncode, 0, ended.stdout)

    def test_all_files(self) -> None:
        tree = self.tree('unroot')
        ended = self.pre_commit(tree, 'run', '--all-files')
        self.assertEqual(ended.returncode, 0, ended.stdout)
        put(tree, {'terraform.tfvars': BAD})
        ended = self.pre_commit(tree, 'run', '--all-files')
        self.assertEqual(ended.returncode, 1, ended.stdout)
        # One run for all files, however many there are.
        self.assertEqual(ended.stdout.count('1 notebook in'), 1, ended.stdout)


if __name__ == '__main__':
    unittest.main()
