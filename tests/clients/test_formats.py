"""Reports, held against the schemas and validators of those who read them."""
from __future__ import annotations

import json
import os
import pathlib
import unittest

import xmlschema

from world import BAD, CALLER, GOOD, NOTEBOOK, PROGRAM, TREE, repository, run, temporary

# Microsoft's validator of SARIF, with its own rules and those of GitHub's code scanning.
MULTITOOL = pathlib.Path(os.environ['UNROOT_MULTITOOL'])
# The schema of Jenkins' xUnit plugin.
JUNIT = pathlib.Path(os.environ['UNROOT_JUNIT_XSD'])

SCRIPTED = '''resource "aws_sagemaker_notebook_instance" "scripted" {
  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.start.name
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "start" {
  on_start = base64encode("#!/bin/bash\\nsudo -u ec2-user -i <<'EOF'\\nsudo yum install -y \\"a<b>&c\\"\\nEOF\\n")
}
'''
IGNORED = '''# unroot:ignore[root-access-missing] until=2999-01-01 "needs" <root> & more
resource "aws_sagemaker_notebook_instance" "ignored" {
}
'''
OPEN = 'variable "open" {}\n\nresource "aws_sagemaker_notebook_instance" "open" {\n  root_access = var.open\n}\n'
BROKEN = 'resource "aws_sagemaker_notebook_instance" "broken" {\n  name = = 1\n}\n'

TREES = {
    'compliant': TREE,
    'no notebook': {'main.tf': 'resource "aws_s3_bucket" "b" {}\n'},
    'everything': {
        'a b/main.tf': CALLER, 'a b/lab/main.tf': NOTEBOOK, "a b/it's dev.auto.tfvars": BAD, 'é/prod.tf': SCRIPTED,
        'ignored.tf': IGNORED, 'open.tf': OPEN, 'broken/main.tf': BROKEN, 'good/main.tf': CALLER, 'good/lab/main.tf': NOTEBOOK,
        'good/terraform.tfvars': GOOD,
    },
}


class Formats(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = temporary(self)

    def reports(self, form: str):
        """The report on each tree, from its top and from a folder in it."""
        for number, (name, files) in enumerate(TREES.items()):
            top = repository(self.folder / form / str(number), files)
            for place, path in [(top, '.'), (top / 'é', '..')]:
                if not place.exists():
                    continue
                file = self.folder / f'{form}-{number}-{place.name}.{form}'
                ended = run(PROGRAM, '--check', path, '--report', f'{form}={file}', cwd=place)
                self.assertIn(ended.returncode, (0, 1, 2), ended.stdout)
                with self.subTest(tree=name, place=place.name):
                    yield file

    def test_sarif(self) -> None:
        results = 0
        for file in self.reports('sarif'):
            results += len(json.loads(file.read_text())['runs'][0]['results'])
            output = file.with_suffix('.validated')
            ended = run(
                MULTITOOL, 'validate', file, '--rule-kind', 'Sarif;Ghas', '--output', output, '--log', 'ForceOverwrite',
                cwd=self.folder, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT='1',
            )
            self.assertEqual(ended.returncode, 0, ended.stdout)
            found = json.loads(output.read_text(encoding='utf-8-sig'))['runs'][0].get('results', [])
            self.assertEqual([(it['ruleId'], it['message']) for it in found if it.get('level', 'warning') != 'note'], [])
        self.assertGreater(results, 5)

    def test_the_validator_of_sarif_refuses_something(self) -> None:
        file = self.folder / 'wrong.sarif'
        file.write_text(json.dumps({'version': '2.1.0', 'runs': [{'tool': {}}]}))
        output = self.folder / 'wrong.validated'
        run(
            MULTITOOL, 'validate', file, '--rule-kind', 'Sarif;Ghas', '--output', output, '--log', 'ForceOverwrite',
            cwd=self.folder, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT='1',
        )
        self.assertTrue(json.loads(output.read_text(encoding='utf-8-sig'))['runs'][0].get('results'))

    def test_junit(self) -> None:
        schema = xmlschema.XMLSchema(JUNIT)
        for file in self.reports('junit'):
            self.assertEqual([str(error) for error in schema.iter_errors(file)], [])
        self.assertFalse(schema.is_valid('<testsuites><testsuite name="x"/></testsuites>'))


if __name__ == '__main__':
    unittest.main()
