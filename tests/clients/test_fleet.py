"""A fleet of repositories, cloned, fixed and pushed by all-repos."""
from __future__ import annotations

import json
import pathlib
import unittest

from world import BAD, CLIENTS, PROGRAM, ROOT, TREE, git, repository, run, temporary

BRANCH = 'all-repos_autofix_unroot'
REVIEW = {'main.tf': 'variable "r" {}\n\nresource "aws_sagemaker_notebook_instance" "lab" {\n  root_access = var.r\n}\n'}
BROKEN = {'main.tf': 'resource "aws_sagemaker_notebook_instance" "lab" {\n  name = = 1\n}\n'}


def fleet() -> dict[str, dict[str, str]]:
    """Twenty repositories by their names: what each of them should come to stands in its name."""
    repositories = {}
    for number in range(12):
        tree = {**TREE, 'terraform.tfvars': BAD, f'team-{number}.tf': 'locals {\n  here = true\n}\n'}
        repositories[f'fixed-{number}'] = tree
    for number in range(4):
        repositories[f'compliant-{number}'] = TREE
    repositories['elsewhere'] = {'main.tf': 'resource "aws_s3_bucket" "b" {}\n'}
    repositories['review'] = REVIEW
    repositories['broken'] = BROKEN
    repositories['broken-and-bad'] = {**TREE, 'terraform.tfvars': BAD, 'more/main.tf': BROKEN['main.tf']}
    assert len(repositories) == 20
    return repositories


class Fleet(unittest.TestCase):
    def test_twenty_repositories(self) -> None:
        folder = temporary(self)
        origins = {}
        for name, files in fleet().items():
            repository(folder / 'work' / name, files)
            git(folder, 'clone', '--quiet', '--bare', f'work/{name}', f'origins/{name}')
            origins[name] = folder / 'origins' / name
        (folder / 'repos.json').write_text(json.dumps({name: str(path) for name, path in origins.items()}))
        configuration = folder / 'all-repos.json'
        configuration.write_text(json.dumps({
            'output_dir': 'clones',
            'source': 'all_repos.source.json_file', 'source_settings': {'filename': str(folder / 'repos.json')},
            'push': 'push_branch', 'push_settings': {},
            'all_branches': False,
        }))
        configuration.chmod(0o600)
        python = {'PYTHONPATH': str(ROOT / 'integrations' / 'all_repos'), 'PATH': f'{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin'}
        ended = run(CLIENTS / 'all-repos-clone', '-C', configuration, cwd=folder, **python)
        self.assertEqual(ended.returncode, 0, ended.stdout)

        before = {name: git(path, 'rev-parse', 'main') for name, path in origins.items()}
        dry = run(CLIENTS / 'python', '-m', 'unroot_fix', '-C', configuration, '--dry-run', cwd=folder, **python)
        self.assertEqual(dry.returncode, 0, dry.stdout)
        self.assertEqual([name for name, path in origins.items() if BRANCH in git(path, 'branch', '--list')], [])

        ended = run(CLIENTS / 'python', '-m', 'unroot_fix', '-C', configuration, '-j', '2', cwd=folder, **python)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        pushed = {name for name, path in origins.items() if BRANCH in git(path, 'branch', '--list')}
        self.assertEqual(pushed, {name for name in origins if name.startswith('fixed-')}, ended.stdout)
        # What cannot be read is named, and left as it is.
        self.assertEqual(ended.stdout.count('***Errored'), 2, ended.stdout)
        for name, path in origins.items():
            self.assertEqual(git(path, 'rev-parse', 'main'), before[name], name)
        for name in pushed:
            self.pushed(folder, origins[name])

    def pushed(self, folder: pathlib.Path, origin: pathlib.Path) -> None:
        """One commit, whose message is the report, and after which the repository complies."""
        self.assertEqual(git(origin, 'rev-list', '--count', f'main..{BRANCH}').strip(), '1')
        self.assertEqual(git(origin, 'diff', '--stat', '--name-only', 'main', BRANCH), 'terraform.tfvars\n')
        subject, _, body = git(origin, 'log', '-1', '--format=%B', BRANCH).partition('\n\n')
        self.assertEqual(subject, 'Take root access away from SageMaker notebooks')
        self.assertIn('Sets `root_access = "Disabled"` on 1 of 1 notebook instance', body)
        self.assertIn('## ', body)
        clone = folder / 'checked' / origin.name
        git(folder, 'clone', '--quiet', '--branch', BRANCH, str(origin), str(clone))
        self.assertEqual(run(PROGRAM, '--check', cwd=clone).returncode, 0)


if __name__ == '__main__':
    unittest.main()
