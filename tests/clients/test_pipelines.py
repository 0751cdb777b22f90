"""The shell parts of the recipes for pipelines, run as the runners of those pipelines run them."""
from __future__ import annotations

import json
import pathlib
import re
import unittest
from xml.etree import ElementTree

import yaml

from world import BAD, GOOD, PROGRAM, ROOT, TREE, put, repository, run, temporary

ACTION = yaml.safe_load((ROOT / 'action.yml').read_text())
EXPRESSION = re.compile(r'\$\{\{\s*([a-z_.-]+)\s*\}\}')
BAD_TREE = {**TREE, 'terraform.tfvars': BAD}
# What a stranger may put where text is expected.
HOSTILE = ['$(touch pwned)', '`touch pwned`', '"; touch pwned; "', "'; touch pwned; '", 'a\n; touch pwned', '--write', '${{ 1 }}', '*']

GH = '''#!/usr/bin/env python3
import json, os, sys
with open(os.environ['GH_LOG'], 'a') as log:
    words = sys.argv[1:]
    body = next((open(word[6:]).read() for word in words if word.startswith('body=@')), None)
    print(json.dumps({'words': words, 'body': body, 'token': os.environ.get('GH_TOKEN')}), file=log)
if '--paginate' in sys.argv:
    print(os.environ.get('GH_FOUND', ''))
'''


class Action(unittest.TestCase):
    """`action.yml`, as the runner of GitHub Actions takes it."""

    def setUp(self) -> None:
        self.folder = temporary(self)
        self.workspace = repository(self.folder / 'workspace', BAD_TREE)
        for name in ['temp', 'bin']:
            (self.folder / name).mkdir()
        gh = self.folder / 'bin' / 'gh'
        gh.write_text(GH)
        gh.chmod(0o755)
        self.files = {name: self.folder / name for name in ['output', 'path', 'summary', 'gh']}
        for file in self.files.values():
            file.touch()
        self.said = ''

    def value(self, text: str, inputs: dict[str, str]) -> str:
        outputs = dict(line.split('=', 1) for line in self.files['output'].read_text().splitlines())

        def look_up(match: re.Match[str]) -> str:
            name = match.group(1)
            github = {'github.token': 'secret', 'github.repository': 'o/r', 'github.event.pull_request.number': '7'}
            if name.startswith('inputs.'):
                return inputs[name.removeprefix('inputs.')]
            if name.startswith('steps.run.outputs.'):
                return outputs.get(name.removeprefix('steps.run.outputs.'), '')
            return github[name]

        return EXPRESSION.sub(look_up, str(text))

    def use(self, pull_request: bool = False, found: str = '', install: bool = False, **given: str) -> int:
        """Runs the steps up to the first that fails, and says how that ended."""
        known = ACTION['inputs']
        self.assertLessEqual(set(given), set(known))
        inputs = {name: given.get(name, str(known[name]['default'])) for name in known}
        for file in self.files.values():
            file.write_text('')
        for step in ACTION['runs']['steps']:
            if 'uses' in step or step['name'] == 'Install' and not install:
                continue
            if step['name'] == 'Comment' and not (inputs['comment'] == 'true' and pull_request):
                continue
            self.assertEqual(step['shell'], 'bash')
            script = self.folder / 'script.sh'
            script.write_text(step['run'])
            added = self.files['path'].read_text().split() if install else [str(PROGRAM.parent)]
            path = ':'.join([*added, str(self.folder / 'bin'), '/usr/local/bin', '/usr/bin', '/bin'])
            ended = run(
                'bash', '--noprofile', '--norc', '-e', '-o', 'pipefail', script, cwd=self.workspace, PATH=path,
                GITHUB_ACTION_PATH=str(ROOT), RUNNER_TEMP=str(self.folder / 'temp'), GITHUB_OUTPUT=str(self.files['output']),
                GITHUB_PATH=str(self.files['path']), GITHUB_STEP_SUMMARY=str(self.files['summary']), GITHUB_ACTIONS='true',
                GH_LOG=str(self.files['gh']), GH_FOUND=found,
                **{name: self.value(text, inputs) for name, text in step.get('env', {}).items()},
            )
            self.said = ended.stdout
            if ended.returncode:
                return ended.returncode
        return 0

    def calls(self) -> list[dict]:
        return [json.loads(line) for line in self.files['gh'].read_text().splitlines()]

    def outputs(self) -> str:
        return self.files['output'].read_text()

    def test_every_expression_reaches_a_script_through_its_environment(self) -> None:
        for step in ACTION['runs']['steps']:
            self.assertNotIn('${{', step.get('run', ''))

    def test_check(self) -> None:
        self.assertEqual(self.use(sarif='unroot.sarif'), 1)
        self.assertIn('exit-code=1\n', self.outputs())
        self.assertIn('# Take root access away', self.files['summary'].read_text())
        sarif = json.loads((self.workspace / 'unroot.sarif').read_text())
        self.assertEqual([result['ruleId'] for result in sarif['runs'][0]['results']], ['root-access-via-reference'])
        put(self.workspace, {'terraform.tfvars': GOOD})
        self.assertEqual(self.use(), 0)
        put(self.workspace, {'more/main.tf': 'resource "aws_sagemaker_notebook_instance" "x" {\n  name = = 1\n}\n'})
        self.assertEqual(self.use(), 2)
        self.assertEqual(self.use(mode='preview'), 2)

    def test_the_log_has_annotations(self) -> None:
        inputs = {name: str(of['default']) for name, of in ACTION['inputs'].items()}
        step = next(step for step in ACTION['runs']['steps'] if step.get('id') == 'run')
        ended = run(
            'bash', '-e', '-c', step['run'], cwd=self.workspace, PATH=f'{PROGRAM.parent}:/usr/bin:/bin', GITHUB_ACTION_PATH=str(ROOT),
            RUNNER_TEMP=str(self.folder / 'temp'), GITHUB_OUTPUT=str(self.files['output']), GITHUB_STEP_SUMMARY='/dev/null',
            **{name: self.value(text, inputs) for name, text in step['env'].items()},
        )
        self.assertEqual(ended.returncode, 0, ended.stdout)
        self.assertIn('::error file=', ended.stdout)

    def test_preview_and_write(self) -> None:
        self.assertEqual(self.use(mode='preview'), 0)
        self.assertEqual((self.workspace / 'terraform.tfvars').read_text(), BAD)
        put(self.workspace, {'review.tf': 'resource "aws_sagemaker_notebook_instance" "x" {\n  root_access = data.a.b.c\n}\n'})
        self.assertEqual(self.use(mode='write'), 0, self.said)
        self.assertIn('exit-code=1\n', self.outputs())
        self.assertEqual((self.workspace / 'terraform.tfvars').read_text(), GOOD)

    def test_paths(self) -> None:
        put(self.workspace, {'a b/main.tf': 'locals {\n  x = 1\n}\n'})
        self.assertEqual(self.use(paths='a b\n'), 0)
        self.assertEqual(self.use(paths='a b\n\nlab\n'), 1)

    def test_the_change_brings_no_settings(self) -> None:
        put(self.workspace, {'unroot.toml': 'exclude = ["**"]\n'})
        self.assertEqual(self.use(), 1)
        outside = self.folder / 'settings of ours.toml'
        outside.write_text('exclude = ["lab/"]\n')
        self.assertEqual(self.use(config=str(outside)), 0, self.said)

    def test_nothing_that_a_stranger_names_is_run(self) -> None:
        for text in HOSTILE:
            for name in ['paths', 'mode', 'config', 'sarif']:
                with self.subTest(name=name, text=text):
                    code = self.use(**{name: text})
                    self.assertFalse((self.workspace / 'pwned').exists())
                    if name == 'mode':
                        self.assertEqual(code, 2)
            with self.subTest(version=text):
                self.assertEqual(self.use(install=True, version=text), 2)
                self.assertFalse((self.workspace / 'pwned').exists())
        self.assertEqual((self.workspace / 'terraform.tfvars').read_text(), BAD)

    def test_install(self) -> None:
        # The working folder is the change under test: what lies there is not what installs.
        for name in ['pip.py', 'pip/__main__.py', 'pip/__init__.py', 'sitecustomize.py', 'unroot']:
            put(self.workspace, {name: 'open("pwned", "w")\n'} if name != 'pip.py' else {})
        self.assertEqual(self.use(install=True), 1, self.said)
        self.assertIn('exit-code=1\n', self.outputs())
        self.assertFalse((self.workspace / 'pwned').exists())
        version = run(PROGRAM, '--version', cwd=self.folder).stdout.split()[1]
        self.assertEqual(self.use(install=True, version=version), 1, self.said)
        self.assertNotEqual(self.use(install=True, version='99.0'), 0)
        self.assertEqual(self.outputs(), '')

    def test_comment(self) -> None:
        self.assertEqual(self.use(comment='true'), 1)
        self.assertEqual(self.calls(), [])
        self.assertEqual(self.use(comment='true', pull_request=True), 1)
        asked, made = self.calls()
        self.assertIn('repos/o/r/issues/7/comments', asked['words'])
        self.assertIn('POST', made['words'])
        self.assertEqual(made['token'], 'secret')
        self.assertTrue(made['body'].startswith('<!-- unroot -->\n# Take root access away'), made['body'])
        self.assertEqual(self.use(comment='true', pull_request=True, found='41\n42'), 1)
        changed = self.calls()[1]
        self.assertIn('PATCH', changed['words'])
        self.assertIn('repos/o/r/issues/comments/41', changed['words'])
        block = 'resource "aws_sagemaker_notebook_instance" "n%04d" {\n  name = "é"\n}\n'
        put(self.workspace, {'many.tf': '\n'.join(block % number for number in range(2000))})
        self.assertEqual(self.use(comment='true', pull_request=True), 1)
        body = self.calls()[1]['body']
        self.assertLess(len(body), 65_536)
        self.assertIn('more rows, left out for length', body)
        self.assertIn('## The control in other systems', body)


class GitLab(unittest.TestCase):
    """The component in `templates/`, as the runner of GitLab takes it."""

    def use(self, tree: pathlib.Path, **given: str) -> int:
        text = (ROOT / 'templates' / 'unroot.yml').read_text()
        head, body = text.split('\n---\n')
        inputs = {name: given.get(name, str(of['default'])) for name, of in yaml.safe_load(head)['spec']['inputs'].items()}
        job = yaml.safe_load(body)['unroot']
        for name, value in job['variables'].items():
            job['variables'][name] = re.sub(r'\$\[\[ inputs\.(\w+) \]\]', lambda match: inputs[match.group(1)], str(value))
        for line in job['script']:
            self.assertNotIn('$[[', line)
        script = 'set -eo pipefail\nset +o noclobber\n' + ''.join(f'{line}\n' for line in job['script'])
        ended = run('bash', '-c', script, cwd=tree, PATH='/usr/local/bin:/usr/bin:/bin', **job['variables'])
        self.said = ended.stdout
        return ended.returncode

    def test_job(self) -> None:
        tree = repository(temporary(self), {**BAD_TREE, 'unroot.toml': 'exclude = ["**"]\n', 'pip.py': 'open("pwned", "w")\n'})
        self.assertEqual(self.use(tree), 1, self.said)
        found = json.loads((tree / 'gl-code-quality-report.json').read_text())
        self.assertEqual([of['check_name'] for of in found], ['root-access-via-reference'])
        for text in HOSTILE:
            with self.subTest(text=text):
                self.use(tree, paths=text, config=text)
                self.assertFalse((tree / 'pwned').exists())
        self.assertNotEqual(self.use(tree, version=HOSTILE[2]), 0)
        self.assertFalse((tree / 'pwned').exists())
        self.assertEqual((tree / 'terraform.tfvars').read_text(), BAD)
        put(tree, {'terraform.tfvars': GOOD})
        self.assertEqual(self.use(tree, paths='lab main.tf'), 0, self.said)


class Recipes(unittest.TestCase):
    """The recipes of docs/pipelines.md whose reports are JUnit's."""

    def setUp(self) -> None:
        self.folder = temporary(self)
        self.tree = repository(self.folder / 'tree', {**BAD_TREE, 'unroot.toml': 'exclude = ["**"]\n', 'pip.py': 'open("pwned", "w")\n'})
        self.beside = str(self.folder / 'beside')

    def block(self, language: str, word: str) -> str:
        text = (ROOT / 'docs' / 'pipelines.md').read_text()
        (found,) = [it for it in re.findall(rf'```{language}\n(.*?)```', text, re.DOTALL) if word in it]
        return found

    def hold(self, scripts: list[str], shell: list[str], **variables: str) -> None:
        """Installs, and runs over a tree that does not comply, and then over the same one put right."""
        install, use = scripts
        path = '/usr/local/bin:/usr/bin:/bin'
        ended = run(*shell, install, cwd=self.tree, PATH=path, **variables)
        self.assertEqual(ended.returncode, 0, ended.stdout)
        for files, code, failures in [({}, 1, '1'), ({'terraform.tfvars': GOOD}, 0, '0')]:
            put(self.tree, files)
            ended = run(*shell, use, cwd=self.tree, PATH=path, **variables)
            self.assertEqual(ended.returncode, code, ended.stdout)
            report = ElementTree.parse(self.tree / 'unroot.xml').getroot()
            self.assertEqual(report.get('failures'), failures)
        self.assertFalse((self.tree / 'pwned').exists())

    def test_azure(self) -> None:
        steps = yaml.safe_load(self.block('yaml', 'PublishTestResults'))['steps']
        scripts = [step['script'] for step in steps if 'script' in step]
        # The report is handed on whether or not the step before failed.
        self.assertEqual(steps[-1]['condition'], 'succeededOrFailed()')
        self.assertEqual(steps[-1]['inputs']['testResultsFiles'], 'unroot.xml')
        self.hold(scripts, ['bash', '--noprofile', '--norc', '-c'], AGENT_TEMPDIRECTORY=self.beside)

    def test_jenkins(self) -> None:
        scripts = re.findall(r"sh '(.*)'", self.block('groovy', 'junit'))
        self.hold(scripts, ['sh', '-xe', '-c'], WORKSPACE_TMP=self.beside)


if __name__ == '__main__':
    unittest.main()
