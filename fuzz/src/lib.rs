//! Where bytes made at random stand in a repository, for the fuzz targets and for a test that makes a few by itself.
//!
//! Each run is one of the whole program over a small repository, from the settings to the report, in which one file is made
//! of the bytes. It must end without a panic, and must not call its own result a mistake of its own.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;
use unroot::cli::{Command, parse_in};
use unroot::terminal::Stream;

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
};

/// All of them.
pub const TARGETS: [&Target; 6] = [&SETTINGS, &MANIFESTS, &VALUES, &TERRAGRUNT, &SCRIPTS, &CODE];

/// How the program is called; the second byte chooses, and is part of the file.
const ARGUMENTS: [&[&str]; 6] = [
    &["--check"],
    &["--unsafe-fixes"],
    &["--format", "json"],
    &["--check", "--format", "sarif"],
    &["--format", "markdown"],
    &["--check", "--format", "github", "--fix-at", "resource"],
];

/// Stack of the thread that runs the program, as the program itself has it.
const STACK: usize = 64 << 20;

impl Target {
    /// Runs the program with the bytes in their place.
    ///
    /// # Panics
    /// If the program does, or says that its own result is wrong.
    pub fn run(&'static self, bytes: &[u8]) {
        let Some((&choice, bytes)) = bytes.split_first() else { return };
        let repository = self.repository();
        let place = self.places[usize::from(choice) % self.places.len()];
        put(&repository.join(place), bytes);
        let arguments = ARGUMENTS[usize::from(bytes.first().copied().unwrap_or_default()) % ARGUMENTS.len()];
        let arguments = arguments.iter().copied().chain(["--threads", "1", repository.as_str()]);
        let arguments: Vec<String> = ["unroot"].into_iter().chain(arguments).map(str::to_owned).collect();
        let file = repository.join(place);
        let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&repository, arguments));
        let said =
            worker.expect("a thread can be made").join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        fs::remove_file(file).expect("it was there");
        assert!(!said.contains("this is a bug in unroot"), "{said}");
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

/// Makes a file, and the folders it lies in.
fn put(path: &Utf8Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be made");
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("what is said is UTF-8")
}

/// Runs the program and gives what it says.
fn run(repository: &Utf8Path, arguments: Vec<String>) -> String {
    let settings = match parse_in(Path::new(repository), arguments) {
        Ok(Command::Run(settings)) => settings,
        Ok(Command::Print(text)) => return text,
        Err(wrong) => return wrong.to_string(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let ended = unroot::run::run(&settings, &mut Stream::plain(&mut out), &mut Stream::plain(&mut err));
    let failed = ended.err().map(|error| format!("{error:#}")).unwrap_or_default();
    format!("{}{}{failed}", text(out), text(err))
}
