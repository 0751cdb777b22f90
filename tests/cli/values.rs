//! Values that are handed to root modules from outside their code: files of values and variables on command lines, and the
//! modules that each root has installed for itself.

use crate::support::folder;
use crate::support::program::{run, unroot};

/// A root module whose notebook complies unless a file of values says otherwise.
const ROOT: &str = "variable \"ra\" {\n  type    = string\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  root_access = var.ra\n}\n";

/// A module that hands on what the registry module `cfg` says.
const SHARED: &str = "module \"cfg\" {\n  source = \"acme/cfg/aws\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  root_access = module.cfg.ra\n}\n";

fn installed(key: &str) -> String {
    format!(
        "{{\"Modules\":[{{\"Key\":\"\",\"Source\":\"\",\"Dir\":\".\"}},{{\"Key\":\"m\",\"Source\":\"../m\",\"Dir\":\"../m\"}},{{\"Key\":\"m.{key}\",\"Source\":\"registry.terraform.io/acme/{key}/aws\",\"Dir\":\".terraform/modules/m.{key}\"}}]}}"
    )
}

#[test]
fn each_root_has_modules_of_its_own() {
    const CALL: &str = "module \"m\" {\n  source = \"../m\"\n}\n";
    for (bad, good) in [("a", "b"), ("b", "a")] {
        let output = |value: &str| format!("output \"ra\" {{\n  value = \"{value}\"\n}}\n");
        let path = |root: &str, rest: &str| format!("{root}/.terraform/modules/{rest}");
        let folder = folder::with(&[
            (".git/HEAD", ""),
            ("a/main.tf", CALL),
            ("b/main.tf", CALL),
            ("m/main.tf", SHARED),
            (&path("a", "modules.json"), &installed("cfg")),
            (&path("b", "modules.json"), &installed("cfg")),
            (&path(bad, "m.cfg/main.tf"), &output("Enabled")),
            (&path(good, "m.cfg/main.tf"), &output("Disabled")),
        ]);
        for given in [".", "m", bad] {
            let ended = run(unroot(folder.path()).args(["--check", given]));
            assert_eq!(ended.code, Some(1), "{bad}, {given}: {}", ended.text());
            assert!(ended.text().contains("root-access-via-reference"), "{bad}, {given}: {}", ended.text());
        }
        folder::put(&folder.path().join(path(bad, "m.cfg/main.tf")), output("Disabled").as_bytes());
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(0), "{bad}: {}", ended.text());
    }
}

#[test]
fn what_one_root_has_installed_says_nothing_of_another() {
    let path = |rest: &str| format!("a/.terraform/modules/{rest}");
    let call = "module \"m\" {\n  source = \"../m\"\n}\n";
    for (version, code) in [("", 1), ("  version = \"~> 1.0\"\n", 1), ("  version = \"1.2.0\"\n", 0)] {
        let shared = SHARED.replacen("  source", &format!("{version}  source"), 1);
        let folder = folder::with(&[
            (".git/HEAD", ""),
            ("a/main.tf", call),
            ("m/main.tf", &shared),
            ("m/examples/x/main.tf", &call.replace("../m", "../..")),
            (&path("modules.json"), &installed("cfg")),
            (&path("m.cfg/main.tf"), "output \"ra\" {\n  value = \"Disabled\"\n}\n"),
        ]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(0), "{version}: {}", ended.text());
        folder::put(&folder.path().join("b/main.tf"), call.as_bytes());
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{version}: {}", ended.text());
        assert_eq!(ended.text().contains("`module.cfg`, of which b has not"), code == 1, "{version}: {}", ended.text());
    }
}

#[test]
fn a_notebook_in_a_module_that_each_root_has_installed_is_judged_in_each() {
    const CALL: &str = "module \"m\" {\n  source = \"../m\"\n}\n";
    let shared = "module \"nb\" {\n  source = \"acme/nb/aws\"\n}\n";
    for bad in ["a", "b"] {
        let mut files = vec![(".git/HEAD".to_owned(), String::new()), ("m/main.tf".to_owned(), shared.to_owned())];
        for root in ["a", "b"] {
            let value = if root == bad { "Enabled" } else { "Disabled" };
            files.push((format!("{root}/main.tf"), CALL.to_owned()));
            files.push((format!("{root}/.terraform/modules/modules.json"), installed("nb")));
            files.push((format!("{root}/.terraform/modules/m.nb/main.tf"), ROOT.replace("Disabled", value)));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = folder::with(&files);
        let ended = run(unroot(folder.path()).args(["--check", "--format", "json"]));
        assert_eq!(ended.code, Some(1), "{bad}: {}", ended.text());
        let report: serde_json::Value = serde_json::from_slice(&ended.out).expect("JSON");
        for notebook in report["notebooks"].as_array().expect("a list") {
            let is_bad = notebook["file"].as_str().expect("a path").starts_with(bad);
            assert_eq!(is_bad, notebook["status"] != "compliant", "{bad}: {notebook}");
        }
    }
}

#[test]
fn files_of_values_are_given_on_the_command_line() {
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("repository/.git/HEAD", ""),
        ("repository/tf/main.tf", ROOT),
        ("repository/other/main.tf", ROOT),
        ("repository/config/on.values", "ra = \"Enabled\"\n"),
        ("repository/config/off.values", "ra = \"Disabled\"\n"),
        ("elsewhere/on.tfvars", "ra = \"Enabled\"\n"),
    ]);
    let top = folder.path().join("repository");
    for (args, code) in [
        (vec!["tf"], 0),
        (vec!["tf", "--var-file", "config/on.values"], 1),
        (vec!["tf/main.tf", "--var-file", "config/on.values"], 1),
        (vec!["tf", "--var-file", "config/on.values", "--var-file", "config/off.values"], 0),
        (vec!["tf", "--var-file", "config/off.values", "--var-file", "config/on.values"], 1),
        (vec!["tf", "--var-file", "../elsewhere/on.tfvars"], 1),
        (vec!["tf", "--var-file", "missing.tfvars"], 2),
        (vec![".", "--var-file", "config/on.values"], 2),
    ] {
        let ended = run(unroot(&top).arg("--check").args(&args));
        assert_eq!(ended.code, Some(code), "{args:?}: {} {}", ended.text(), ended.err);
        assert!(!ended.text().contains("other/main.tf"), "{args:?}: {}", ended.text());
    }
    let ended = run(unroot(&top).args(["--check", ".", "--var-file", "config/on.values"]));
    assert!(ended.err.contains("config/on.values: given to no root module"), "{}", ended.err);
    let ended = run(unroot(&top).args(["--check", "tf", "--var-file", "missing.tfvars"]));
    assert!(ended.err.contains("error: missing.tfvars: "), "{}", ended.err);
}

/// A file of values on the command line is never written to unless a path names it too.
#[test]
fn a_file_of_values_outside_of_the_paths_is_not_edited() {
    let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), ("config/on.values", "ra = \"Enabled\"\n")]);
    let before = folder::files(folder.path());
    let ended = run(unroot(folder.path()).args(["--write", "tf", "--var-file", "config/on.values"]));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert_eq!(folder::files(folder.path()), before);
}

/// Files of values outside of the root module's folder are taken from whatever runs Terraform in the repository.
#[test]
fn files_of_values_that_commands_name_are_found_in_each_kind_of_file() {
    for (path, text) in [
        ("plan.ps1", "terraform plan \"-var-file=..\\cfg\\dev.tfvars\"\n"),
        ("plan.bat", "terraform plan -var-file=..\\cfg\\%1.tfvars\r\n"),
        ("bin/plan", "#!/bin/sh\nterraform plan --var-file=../cfg/dev.tfvars\n"),
        ("bin/plan", "#!/usr/bin/env bash\nVALUES=../cfg/dev.tfvars\nterraform plan -var-file=\"$VALUES\"\n"),
        ("all.sh", "for values in ../cfg/*.tfvars; do\n  terraform plan -var-file $values\ndone\n"),
        ("atlantis.yaml", "extra_args: [\"-var-file\", \"../cfg/dev.tfvars\"]\n"),
        (".spacelift/config.yml", "environment:\n  TF_CLI_ARGS_plan: \"-var-file=../cfg/dev.tfvars\"\n"),
        (".github/workflows/plan.yml", "- run: terraform plan -var-file=\"../cfg/${{ matrix.env }}.tfvars\"\n"),
        ("justfile", "plan env:\n    terraform plan -var-file ../cfg/{{env}}.tfvars\n"),
        ("Jenkinsfile", "sh \"terraform plan -var-file=../cfg/${params.ENV}.tfvars\"\n"),
        ("deploy.py", "run([\"terraform\", \"plan\", \"-var-file\", \"../cfg/dev.tfvars\"])\n"),
        ("plan.ts", "execSync(`terraform -chdir=tf plan -var-file=../cfg/${env}.tfvars`);\n"),
        ("main.go", "exec.Command(\"terraform\", \"plan\", \"-var-file\", \"../cfg/dev.tfvars\")\n"),
        ("build.gradle.kts", "commandLine(\"terraform\", \"plan\", \"-var-file=../cfg/dev.tfvars\")\n"),
        ("pom.xml", "<argument>-var-file=../cfg/dev.tfvars</argument>\n"),
        ("tox.ini", "commands = terraform plan -var-file=../cfg/dev.tfvars\n"),
        ("cloudbuild.json", "{\"args\": [\"plan\", \"-var-file=../cfg/dev.tfvars\"]}"),
        (".vscode/tasks.json", "{\"args\": [\"plan\", \"-var-file\", \"../cfg/dev.tfvars\"]}"),
        ("Dockerfile.plan", "RUN terraform plan -var-file=../cfg/dev.tfvars\n"),
        ("NOTES", "run terraform plan -var-file=../cfg/dev.tfvars\n"),
        (".circleci/config.yml", "- terraform/plan:\n    var_file: ../cfg/dev.tfvars\n"),
        ("tfspace.yml", "dev:\n  varfile:\n    - ../cfg/dev.tfvars\n"),
        ("env0.yml", "before:\n  - cp ../cfg/dev.tfvars env0.auto.tfvars\n"),
        (".tflint.hcl", "config {\n  varfile = [\"../cfg/dev.tfvars\"]\n}\n"),
        ("test/plan_test.go", "VarFiles: []string{\"x\", \"../cfg/dev.tfvars\"},\n"),
    ] {
        // Another module sets a variable of its own, so that only the command says whose file it is.
        let values = "ra = \"Enabled\"\nother = 1\n";
        let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), ("cfg/dev.tfvars", values), (path, text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{path}, {text}: {}", ended.text());
        assert!(ended.text().contains("cfg/dev.tfvars:1"), "{path}, {text}: {}", ended.text());
    }
    // What a program has written is no command.
    let text = "terraform plan -var-file=../cfg/dev.tfvars\n";
    for path in ["plan.log", ".dockerignore", "node_modules/x/plan.js"] {
        let values = "ra = \"Enabled\"\nother = 1\n";
        let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), ("cfg/dev.tfvars", values), (path, text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(0), "{path}: {}", ended.text());
    }
}

#[test]
fn files_of_values_with_other_names_are_found_where_a_setting_names_them() {
    for text in [
        "VarFiles: []string{\"x.vars\", \"../cfg/dev.vars\"},\n",
        "VarFiles = [\n  \"../cfg/dev.vars\"\n]\n",
        "tf_var_file='../cfg/dev.vars'\n",
        "<varFile>../cfg/dev.vars</varFile>\n",
    ] {
        let values = "ra = \"Enabled\"\n";
        let folder =
            folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), ("cfg/dev.vars", values), ("x_test.go", text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{text}: {}", ended.text());
        assert!(ended.text().contains("cfg/dev.vars:1"), "{text}: {}", ended.text());
    }
}

/// A file of values with no code around it is given to some root module: to that which has all its variables.
#[test]
fn files_of_values_without_code_around_belong_to_what_has_their_variables() {
    for (values, code) in
        [("ra = \"Enabled\"\n", 1), ("ra = \"Disabled\"\n", 0), ("ra = \"Enabled\"\nregion = \"eu-west-1\"\n", 0)]
    {
        let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), ("environments/dev.tfvars", values)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{values}: {}", ended.text());
    }
    // A folder that only declares variables is no root module.
    for (code, other) in [(0, "output \"x\" {\n  value = 1\n}\n"), (1, "variable \"ra\" {}\n# A resource.\n"), (1, "")]
    {
        let values = ("x/a/dev.tfvars", "ra = \"Enabled\"\n");
        let files = [(".git/HEAD", ""), ("tf/main.tf", ROOT), ("x/main.tf", other), values];
        let ended = run(unroot(folder::with(&files).path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{other}: {}", ended.text());
    }
}

#[test]
fn a_variable_that_a_command_sets_is_found_in_each_kind_of_file() {
    for (path, text) in [
        ("bin/plan", "#!/bin/sh\nterraform plan -var ra=Enabled\n"),
        ("atlantis.yaml", "extra_args: [\"-var\", \"ra=Enabled\"]\n"),
        ("atlantis.yaml", "extra_args:\n  - -var\n  - ra=Enabled\n"),
        ("plan.ps1", "$env:TF_VAR_ra = \"Enabled\"\n"),
        ("plan.bat", "set TF_VAR_ra=Enabled\r\n"),
        ("docker-compose.yml", "environment:\n  - TF_VAR_ra=Enabled\n"),
        ("mise.toml", "[env]\nTF_VAR_ra = \"Enabled\"\n"),
        ("plan.js", "spawn('terraform', ['plan'], { env: { TF_VAR_ra: 'Enabled' } });\n"),
        ("Dockerfile.plan", "ENV TF_VAR_ra=Enabled\n"),
        (".env.dev", "TF_VAR_ra=Enabled\n"),
        ("task.json", "{\"environment\": [{\"name\": \"TF_VAR_ra\", \"value\": \"Enabled\"}]}"),
        (
            "plan_test.go",
            "o := &terraform.Options{\n\tVars: map[string]interface{}{\n\t\t\"ra\": \"Enabled\",\n\t},\n}\n",
        ),
        ("plan_test.go", "o := terraform.Options{Vars: vars}\nvars[\"ra\"] = \"Enabled\"\n"),
        ("test_plan.py", "import tftest\ntf.plan(tf_vars={'ra': 'Enabled'})\n"),
        ("stacks/dev.yaml", "components:\n  terraform:\n    tf:\n      vars:\n        ra: Enabled\n"),
        (
            "flux.yaml",
            "apiVersion: infra.contrib.fluxcd.io/v1alpha2\nkind: Terraform\nspec:\n  vars:\n    - name: ra\n",
        ),
        ("tfc/main.tf", "resource \"tfe_variable\" \"x\" {\n  key = \"ra\"\n  value = \"Enabled\"\n}\n"),
        ("ci/main.tf", "resource \"spacelift_environment_variable\" \"x\" {\n  name = \"TF_VAR_ra\"\n}\n"),
    ] {
        let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), (path, text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{path}, {text}: {}", ended.text());
        assert!(ended.text().contains(path), "{path}, {text}: {}", ended.text());
    }
}

/// Keys of other settings are no variables of Terraform's, though they may have the same names.
#[test]
fn keys_of_other_settings_set_no_variable() {
    for (path, text) in [
        (".gitlab-ci.yml", "variables:\n  TF_ROOT: tf\nterraform:\n  ra: x\n"),
        (".github/workflows/ci.yml", "env:\n  HOST: app.terraform.io\nra: x\n"),
        ("x.py", "import json\nx = {'ra': 'Enabled'}\n"),
    ] {
        let folder = folder::with(&[(".git/HEAD", ""), ("tf/main.tf", ROOT), (path, text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(0), "{path}: {}", ended.text());
    }
}

/// Terratest names the folder that it runs.
#[test]
fn a_variable_that_a_test_sets_counts_for_the_root_that_it_runs() {
    for (dir, code) in [("../tf", 1), ("../other", 0), ("../missing", 1)] {
        let test = format!("o := &terraform.Options{{TerraformDir: \"{dir}\", Vars: m(\"ra\": \"Enabled\")}}\n");
        let other = ROOT.replace("var.ra", "\"Disabled\"");
        let files = [(".git/HEAD", ""), ("tf/main.tf", ROOT), ("other/main.tf", &other), ("test/x_test.go", &test)];
        let ended = run(unroot(folder::with(&files).path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{dir}: {}", ended.text());
    }
}

#[test]
fn a_variable_that_a_command_sets_counts_for_the_root_that_it_names() {
    for (line, code) in [
        ("terraform -chdir=other apply -var ra=Enabled", 0),
        ("terraform -chdir=tf apply -var ra=Enabled", 1),
        ("terraform apply -var ra=Enabled", 1),
        ("cd other && terraform apply -var 'ra=Enabled'", 0),
        ("cd tf && terraform apply -var 'ra=Enabled'", 1),
        ("cd other && cd ../tf && terraform apply -var 'ra=Enabled'", 1),
        ("cd $DIR && terraform apply -var 'ra=Enabled'", 1),
        ("cd missing && terraform apply -var 'ra=Enabled'", 1),
        ("cd other \\\n  && TF_VAR_ra=Enabled terraform apply", 0),
        ("cd other; true\nTF_VAR_ra=Enabled terraform apply", 1),
    ] {
        let other = ROOT.replace("var.ra", "\"Disabled\"");
        let script = format!("#!/bin/sh\n{line}\n");
        for script_path in ["deploy.sh", "ci/deploy.sh"] {
            let folder = folder::with(&[
                (".git/HEAD", ""),
                ("tf/main.tf", ROOT),
                ("other/main.tf", &other),
                (script_path, &script),
            ]);
            let ended = run(unroot(folder.path()).arg("--check"));
            assert_eq!(ended.code, Some(code), "{line}: {}", ended.text());
        }
    }
}
