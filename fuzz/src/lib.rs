//! Where bytes made at random stand in a repository, for the fuzz targets and for a test that makes a few by itself.
//!
//! Each run is one of the whole program over a small repository, from the settings to the report, in which one file is made
//! of the bytes. It must end without a panic, and must not call its own result a mistake of its own. Where it writes, what
//! it promises is checked.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use unroot::cli::{Command, parse_in};
use unroot::terminal::Stream;

mod promises;

/// A repository with a file of bytes made at random.
#[derive(Debug)]
pub struct Target {
    /// The name of the target, and of the folder of its inputs.
    pub name: &'static str,
    /// The names under which the bytes can stand. The first byte chooses, and is not part of the file.
    pub places: &'static [&'static str],
    /// The other files, each a path and a text.
    files: &'static [(&'static str, &'static str)],
    /// Inputs to start from, without the first byte.
    pub seeds: &'static [&'static str],
    /// How the run takes the file, and what is asked of it.
    role: Role,
}

/// What the file of bytes is to the run.
#[derive(Debug, Clone, Copy)]
enum Role {
    /// Part of the repository.
    Scanned,
    /// Handed over by this option.
    Option(&'static str),
    /// Part of a repository that is fixed, and held against the promises.
    Fixed,
}

/// A notebook whose value is a variable's.
const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name        = \"n\"\n  root_access = var.r\n}\n\n\
                        variable \"r\" {\n  type    = string\n  default = \"Disabled\"\n}\n";

/// A root module that calls the notebook.
const CALL: &str = "module \"x\" {\n  source = \"REMOTE/x/aws\"\n  r      = \"Enabled\"\n}\n";

/// `unroot.toml`.
pub const SETTINGS: Target = Target {
    name: "settings",
    places: &["unroot.toml"],
    files: &[("main.tf", NOTEBOOK), ("m/main.tf", NOTEBOOK)],
    seeds: &[
        "exclude = [\"m/\", \"*.tf\"]\nhidden = true\nno-ignore = false\nthreads = 2\n",
        "format = \"json\"\nscripts = \"deny\"\nfix-at = \"resource\"\ncontext = 0\ncolor = \"never\"\nquiet = true\n",
        "unsafe-fixes = true\nno-suppressions = true\ndiff = true\nverbose = true\n",
        "[[exempt]]\npaths = [\"m/**\"]\ninstances = [\"module.*\"]\nreason = \"r\"\nuntil = 2030-01-01\n",
        "report = [\"json=x\"]\n",
    ],
    role: Role::Scanned,
};

/// The list of modules that `terraform init` leaves.
pub const MANIFESTS: Target = Target {
    name: "manifests",
    places: &[".terraform/modules/modules.json"],
    files: &[("main.tf", CALL), (".terraform/modules/x/main.tf", NOTEBOOK), ("m/main.tf", NOTEBOOK)],
    seeds: &[
        "{\"Modules\":[{\"Key\":\"\",\"Source\":\"\",\"Dir\":\".\"},{\"Key\":\"x\",\"Source\":\"registry.terraform.io/REMOTE/x/aws\",\"Version\":\"1.0.0\",\"Dir\":\".terraform/modules/x\"}]}",
        "{\"Modules\":[{\"Key\":\"x.y\",\"Source\":\"./m\",\"Dir\":\"../m\"},{\"Key\":\"x\",\"Source\":\"\",\"Dir\":\"m\"}]}",
    ],
    role: Role::Scanned,
};

/// Files of values.
pub const VALUES: Target = Target {
    name: "values",
    places: &["terraform.tfvars", "terraform.tfvars.json", "env/prod.tfvars", "x.auto.tfvars.json"],
    files: &[("main.tf", NOTEBOOK)],
    seeds: &[
        "r = \"Enabled\"\n",
        "{\"r\": \"Enabled\", \"s\": {\"a\": [1, null, true]}}",
        "# c\nr = { a = [\"Enabled\", 1.5e3], \"b\" = null }\ns = <<-E\n  x ${1}\n  E\n",
    ],
    role: Role::Scanned,
};

/// Configurations of Terragrunt and of Terraform Stacks.
pub const TERRAGRUNT: Target = Target {
    name: "terragrunt",
    places: &[
        "live/terragrunt.hcl",
        "root.hcl",
        "live/terragrunt.hcl.json",
        "terragrunt.stack.hcl",
        "x.tfcomponent.hcl",
        "x.tfdeploy.hcl",
    ],
    files: &[
        ("m/main.tf", NOTEBOOK),
        (
            "live/a/terragrunt.hcl",
            "include \"root\" {\n  path   = find_in_parent_folders(\"root.hcl\")\n  expose = true\n}\nterraform {\n  source = \"../../m\"\n}\ninputs = {\n  r = include.root.locals.r\n}\n",
        ),
        ("live/b/terragrunt.hcl", "include {\n  path = find_in_parent_folders()\n}\n"),
    ],
    seeds: &[
        "locals {\n  r = \"Enabled\"\n  c = read_terragrunt_config(\"../root.hcl\")\n}\nterraform {\n  source = \"${get_repo_root()}//m\"\n}\ninputs = merge(local.c.inputs, {\n  r = local.r\n})\n",
        "{\"inputs\": {\"r\": \"Enabled\"}, \"terraform\": {\"source\": \"../m\"}}",
        "include \"x\" {\n  path = \"../root.hcl\"\n  merge_strategy = \"deep\"\n}\ndependency \"d\" {\n  config_path = \"../a\"\n  mock_outputs = {\n    r = \"Enabled\"\n  }\n}\ngenerate \"g\" {\n  path = \"g.tf\"\n  if_exists = \"overwrite\"\n  contents = <<E\nlocals {}\nE\n}\ninputs = { r = dependency.d.outputs.r }\n",
        "unit \"u\" {\n  source = \"./m\"\n  path = \"u\"\n  values = {\n    r = \"Enabled\"\n  }\n}\nstack \"s\" {\n  source = \"./s\"\n  path = \"s\"\n}\n",
        "component \"c\" {\n  source = \"./m\"\n  for_each = toset([\"a\"])\n  inputs = {\n    r = var.r\n  }\n}\nvariable \"r\" {\n  type = string\n}\ndeployment \"d\" {\n  inputs = {\n    r = \"Enabled\"\n  }\n}\n",
    ],
    role: Role::Scanned,
};

/// A lifecycle script.
pub const SCRIPTS: Target = Target {
    name: "scripts",
    places: &["start.sh"],
    files: &[(
        "main.tf",
        "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \"Disabled\"\n  lifecycle_config_name = \
         aws_sagemaker_notebook_instance_lifecycle_configuration.l.name\n}\n\n\
         resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"l\" {\n  name = \"l\"\n  on_start = \
         filebase64(\"${path.module}/start.sh\")\n  on_create = base64encode(templatefile(\"start.sh\", { x = \"y\" }))\n}\n",
    )],
    seeds: &[
        "#!/bin/bash\nset -e\nsudo -u ec2-user -i <<'EOF'\nsource activate python3\npip install x\nsudo yum install y\nEOF\n",
        "#!/bin/sh\nif [ -f /etc/x ]; then\n  echo \"ec2-user ALL=(ALL) NOPASSWD:ALL\" > /etc/sudoers.d/x && chmod 440 $_\nfi\n",
        "#!/bin/bash\nfor i in {1..3}; do su - ec2-user -c \"sudo systemctl restart jupyter-server\"; done | tee >(cat) 2>&1 &\n(crontab -l; echo \"*/5 * * * * /usr/bin/python $PWD/autostop.py --time ${x:-3600}\") | crontab -\n",
        "nohup bash -c 'chown -R ec2-user:ec2-user /opt; usermod -aG docker,wheel ec2-user' </dev/null\n",
    ],
    role: Role::Scanned,
};

/// Code, in either syntax.
pub const CODE: Target = Target {
    name: "code",
    places: &["main.tf", "main.tf.json", "override.tf", "x.tofu"],
    files: &[("m/main.tf", NOTEBOOK)],
    seeds: &[
        NOTEBOOK,
        "module \"m\" {\n  source   = \"./m\"\n  for_each = { a = \"Enabled\", b = \"Disabled\" }\n  r        = each.value\n}\n",
        "{\"resource\": {\"aws_sagemaker_notebook_instance\": {\"n\": {\"name\": \"n\", \"root_access\": \"${var.r}\"}}}, \"variable\": {\"r\": {\"default\": \"Enabled\"}}}",
        "locals {\n  a = [for k, v in { x = 1 } : \"${k}-${v}\" if v > 0]\n  b = try(local.a[0], jsondecode(file(\"x.json\")).r, null)\n}\nresource \"awscc_sagemaker_notebook_instance\" \"n\" {\n  count = 2\n  root_access = local.b == \"x-1\" ? title(\"enabled\") : format(\"%s\", \"Disabled\")\n  lifecycle {\n    ignore_changes = [root_access, tags]\n  }\n}\n",
        "resource \"aws_sagemaker_notebook_instance\" \"n\" { # unroot:ignore[root-access-missing] until=2030-01-01 r\n  name = <<-E\n    %{ if true ~}\n    x\n    %{ endif }\n  E\n}\n",
    ],
    role: Role::Scanned,
};

/// Plans and states.
pub const PLANS: Target = Target {
    name: "plans",
    places: &["plan.json"],
    files: &[("main.tf", NOTEBOOK)],
    seeds: &[
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":\"aws_sagemaker_notebook_instance.n\",\"mode\":\"managed\",\"type\":\"aws_sagemaker_notebook_instance\",\"name\":\"n\",\"values\":{\"name\":\"n\",\"root_access\":\"Enabled\"}}]}},\"resource_changes\":[{\"address\":\"aws_sagemaker_notebook_instance.n\",\"mode\":\"managed\",\"type\":\"aws_sagemaker_notebook_instance\",\"name\":\"n\",\"change\":{\"actions\":[\"update\"],\"before\":{\"root_access\":\"Enabled\"},\"after\":{\"root_access\":\"Disabled\"},\"after_unknown\":{},\"before_sensitive\":false,\"after_sensitive\":{}}}],\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"aws_sagemaker_notebook_instance.n\",\"mode\":\"managed\",\"type\":\"aws_sagemaker_notebook_instance\",\"name\":\"n\",\"expressions\":{\"root_access\":{\"references\":[\"var.r\"]}}}],\"variables\":{\"r\":{\"default\":\"Disabled\"}}}},\"variables\":{\"r\":{\"value\":\"Disabled\"}}}",
        "{\"format_version\":\"1.0\",\"terraform_version\":\"1.11.4\",\"values\":{\"root_module\":{\"resources\":[{\"address\":\"aws_sagemaker_notebook_instance.n[0]\",\"mode\":\"managed\",\"type\":\"aws_sagemaker_notebook_instance\",\"name\":\"n\",\"index\":0,\"values\":{\"arn\":\"arn:aws:sagemaker:eu-west-1:1:notebook-instance/n\",\"root_access\":null}}],\"child_modules\":[{\"address\":\"module.x[\\\"a\\\"]\",\"resources\":[]}]}}}",
    ],
    role: Role::Option("--plan"),
};

/// Findings of other tools.
pub const FINDINGS: Target = Target {
    name: "findings",
    places: &["findings.json", "findings.csv"],
    files: &[("main.tf", NOTEBOOK)],
    seeds: &[
        "{\"check_type\":\"terraform\",\"results\":{\"failed_checks\":[{\"check_id\":\"CKV_AWS_307\",\"resource\":\"aws_sagemaker_notebook_instance.n\",\"file_path\":\"/main.tf\",\"file_line_range\":[1,4]}]}}",
        "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"Trivy\",\"rules\":[{\"id\":\"AVD-AWS-0307\"}]}},\"results\":[{\"ruleId\":\"CKV_AWS_307\",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"main.tf\"},\"region\":{\"startLine\":1}}}]}]}]}",
        "{\"Findings\":[{\"Id\":\"x\",\"GeneratorId\":\"security-control/SageMaker.3\",\"Compliance\":{\"Status\":\"FAILED\"},\"Workflow\":{\"Status\":\"NEW\"},\"Resources\":[{\"Type\":\"AwsSageMakerNotebookInstance\",\"Id\":\"arn:aws:sagemaker:eu-west-1:1:notebook-instance/n\"}]}]}",
        "{\"EvaluationResults\":[{\"EvaluationResultIdentifier\":{\"EvaluationResultQualifier\":{\"ConfigRuleName\":\"sagemaker-notebook-instance-root-access-check\",\"ResourceType\":\"AWS::SageMaker::NotebookInstance\",\"ResourceId\":\"n\"}},\"ComplianceType\":\"NON_COMPLIANT\"}]}",
        "AUTH_METHOD;CHECK_ID;STATUS;MUTED;RESOURCE_UID;RESOURCE_NAME\nx;sagemaker_notebook_instance_root_access_disabled;FAIL;False;arn:aws:sagemaker:eu-west-1:1:notebook-instance/n;n\n",
    ],
    role: Role::Option("--from"),
};

/// A repository in which values come from everywhere: what is fixed there is held against the promises.
pub const PROMISES: Target = Target {
    name: "promises",
    places: &["m/main.tf", "main.tf", "terraform.tfvars", "override.tf.json", "live/terragrunt.hcl"],
    files: &[
        (
            "m/main.tf",
            "variable \"r\" {}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  for_each    = toset([\"a\", \"b\"])\n  name        = each.key\n  root_access = var.r\n}\n",
        ),
        (
            "main.tf",
            "variable \"e\" {\n  default = \"Enabled\"\n}\n\nlocals {\n  on = { a = true, b = false }\n}\n\nmodule \"m\" {\n  source   = \"./m\"\n  for_each = local.on\n  r        = each.value ? var.e : \"Disabled\"\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"bare\" {\n  name = var.e # x\n}\n",
        ),
        ("terraform.tfvars", "e = \"Enabled\"\r\n"),
        ("live/terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\ninputs = {\n  r = \"Enabled\"\n}\n"),
    ],
    seeds: &[
        NOTEBOOK,
        "module \"m\" {\n  source = \"./m\"\n  r      = merge({ r = \"Enabled\" }, { r = lookup({ a = \"Enabled\" }, \"a\", null) }).r\n}\n",
        "variable \"r\" {\n  default = \"Enabled\"\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n\troot_access = \"${var.r}\" /* x */\r\n  tags = {\n    a = 1\n  }\n}\nresource \"aws_sagemaker_notebook_instance\" \"o\" { name = \"o\" }\nresource \"aws_sagemaker_notebook_instance\" \"p\" {}\n",
        "e = \"Enabled\"\nr = <<E\nEnabled\nE\n",
        "{\"resource\": {\"aws_sagemaker_notebook_instance\": {\"n\": [{\"name\": \"n\"}], \"bare\": {\"root_access\": \"Enabled\"}}}}",
        "locals { r = { a = \"Enabled\" } }\nterraform {\n  source = \"${get_terragrunt_dir()}/../m\"\n}\ninputs = merge(local.r, { r = local.r.a })\n",
    ],
    role: Role::Fixed,
};

/// All of them.
pub const TARGETS: [&Target; 9] =
    [&SETTINGS, &MANIFESTS, &VALUES, &TERRAGRUNT, &SCRIPTS, &CODE, &PLANS, &FINDINGS, &PROMISES];

/// How the program is called; the second byte chooses, and is part of the file.
const ARGUMENTS: [&[&str]; 6] = [
    &["--check"],
    &["--unsafe-fixes"],
    &["--format", "json"],
    &["--check", "--format", "sarif"],
    &["--format", "markdown"],
    &["--check", "--format", "github", "--fix-at", "resource"],
];

/// How the program calls a result of its own that it knows to be wrong.
const BUG: &str = "this is a bug in unroot";

/// Stack of the thread that runs the program, as the program itself has it.
const STACK: usize = 64 << 20;

impl Target {
    /// Runs the program with the bytes in their place.
    ///
    /// # Panics
    /// If the program does, says that its own result is wrong, or breaks a promise.
    pub fn run(&'static self, bytes: &[u8]) {
        let Some((&choice, bytes)) = bytes.split_first() else { return };
        let repository = self.repository();
        let file = repository.join(self.places[usize::from(choice) % self.places.len()]);
        let before = fs::read(&file).ok();
        put(&file, bytes);
        let arguments = ARGUMENTS[usize::from(bytes.first().copied().unwrap_or_default()) % ARGUMENTS.len()];
        match self.role {
            Role::Scanned => drop(said(&repository, &[arguments, &["--threads", "1"]].concat())),
            Role::Option(option) => drop(said(&repository, &[arguments, &[option, file.as_str()]].concat())),
            Role::Fixed => promises::hold(&repository),
        }
        match before {
            Some(text) => put(&file, &text),
            None => fs::remove_file(file).expect("it was there"),
        }
        if matches!(self.role, Role::Fixed) {
            self.files.iter().for_each(|(path, text)| put(&repository.join(path), text.as_bytes()));
        }
    }

    /// The repository, made once in a process.
    fn repository(&self) -> Utf8PathBuf {
        static ALL: OnceLock<TempDir> = OnceLock::new();
        let all = ALL.get_or_init(|| tempfile::tempdir().expect("a temporary folder"));
        let repository = Utf8Path::from_path(all.path()).expect("UTF-8").join(self.name);
        if !repository.exists() {
            put(&repository.join(".git/HEAD"), b"");
            for (path, text) in self.files {
                put(&repository.join(path), text.as_bytes());
            }
        }
        repository
    }
}

/// Runs the program over a repository, on a thread with a stack like that of the program's own, and gives what it prints.
fn said(repository: &Utf8Path, arguments: &[&str]) -> Said {
    let words: Vec<String> =
        ["unroot"].iter().chain(arguments).chain([&repository.as_str()]).map(ToString::to_string).collect();
    let folder = repository.to_owned();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&folder, words));
    let said = worker.expect("a thread can be made").join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    assert!(!said.out.contains(BUG) && !said.err.contains(BUG), "{}{}", said.out, said.err);
    said
}

/// Makes a file, and the folders it lies in.
fn put(path: &Utf8Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be made");
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("what is said is UTF-8")
}

/// What a run prints, and the error that it ends with.
struct Said {
    out: String,
    err: String,
}

/// Runs the program and gives what it says.
fn run(repository: &Utf8Path, arguments: Vec<String>) -> Said {
    let settings = match parse_in(Path::new(repository), arguments) {
        Ok(Command::Run(settings)) => settings,
        Ok(Command::Print(out)) => return Said { out, err: String::new() },
        Err(wrong) => return Said { out: String::new(), err: wrong.to_string() },
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = unroot::run::run(&settings, &mut Stream::plain(&mut out), &mut Stream::plain(&mut err));
    let failed = ended.err().map(|error| format!("{error:#}")).unwrap_or_default();
    Said { out: text(out), err: format!("{}{failed}", text(err)) }
}
