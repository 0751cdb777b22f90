//! Text that must not appear: of files outside the repository, and of the environment.

use std::os::unix::fs::symlink;

use crate::support::folder;
use crate::support::program::{run_with_reports, unroot};

const FORMATS: [&str; 10] = ["text", "diff", "json", "sarif", "github", "gitlab", "markdown", "csv", "junit", "rdjson"];

#[test]
fn scripts_come_from_the_repository_alone() {
    let paths = [
        "/proc/self/environ",
        "../secret",
        "${path.module}/../secret",
        "link",
        "folder/secret",
        "/etc/passwd",
        "/proc/self/cwd/../secret",
    ];
    for path in paths {
        let code = format!(
            "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"a\" {{\n  name = \"aws_sagemaker_notebook_instance\"\n  \
             on_start = base64encode(replace(replace(file(\"{path}\"), \"SECRET_TOKEN=\", \"\\nsudo -u ec2-user sudo \"), \"root:\", \"\\nsudo -u ec2-user sudo \"))\n}}\n"
        );
        let folder = folder::with(&[
            ("repo/.git/HEAD", ""),
            ("repo/main.tf", &code),
            ("secret", "SECRET_TOKEN=tok_LEAKME_123\n"),
        ]);
        let repo = folder.path().join("repo");
        symlink("../secret", repo.join("link")).expect("a link");
        symlink("..", repo.join("folder")).expect("a link");
        let (ended, reports) =
            run_with_reports(unroot(&repo).env("SECRET_TOKEN", "tok_LEAKME_123").arg("--check"), &FORMATS);
        let printed = [("stdout", ended.text().to_owned()), ("stderr", ended.err.clone())];
        for (format, text) in reports.iter().chain(&printed) {
            assert!(!text.contains("LEAKME") && !text.contains("/bin/"), "{path} in {format}: {text}");
        }
    }
}

/// A script in the repository may be shown, but not the secrets in it.
#[test]
fn secrets_of_scripts_are_in_no_report() {
    let lines = [
        "sudo curl -u root:LEAKME https://a.b/c",
        "sudo -u ec2-user sudo curl -u root:LEAKME https://a.b/c",
        "sudo -u ec2-user sudo DB_PASSWORD=x PASSWORD=LEAKME run",
        "sudo -u ec2-user -i <<'EOF'\nexport AWS_SECRET_ACCESS_KEY=LEAKME\nsudo mysql -pLEAKME\nsudo yum install -y jq \\\n  --token LEAKME\nEOF",
        "P=LEAKME-long\nsudo -u ec2-user sudo mysql -p$P",
        "export DB_TOKEN=LEAKME-long\nsudo -u ec2-user sudo cat /x/LEAKME-long\nsudo -u ec2-user touch /etc/LEAKME-long",
        "sudo -u ec2-user sudo git clone https://user:LEAKME@github.com/a/b /opt/b",
        "sudo -u ec2-user sudo pip install https://LEAKME@a.b/c.whl",
        "echo LEAKME | sudo -u ec2-user sudo -S yum install -y jq",
        "echo 'ec2-user:LEAKME' | sudo -u ec2-user sudo chpasswd",
        "chmod u+s /opt/x # password=LEAKME",
        "sudo -u ec2-user sudo tee /etc/x <<'EOF'\npassword = LEAKME\nEOF",
        "bash /home/ec2-user/SageMaker/x.sh --password LEAKME",
        "curl -H 'Authorization: Bearer LEAKME' https://a.b/x.sh | sudo -u ec2-user sudo bash",
    ];
    for line in lines {
        // In a file of its own, in a heredoc, in a string and in JSON.
        let quoted = serde_json::to_string(&format!("#!/bin/bash\n{line}\n")).expect("JSON").replace("${", "$${");
        let resource = |value: &str| {
            format!(
                "resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  name = \"n\"\n  lifecycle_config_name = aws_sagemaker_notebook_instance_lifecycle_configuration.a.name\n}}\n\
                 resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"a\" {{\n  name = \"a\"\n  on_start = {value}\n}}\n"
            )
        };
        let script = format!("#!/bin/bash\n{line}\n");
        let json = format!(
            "{{\"resource\":{{\"aws_sagemaker_notebook_instance_lifecycle_configuration\":{{\"a\":{{\"on_start\":{}}}}}}}}}",
            serde_json::to_string(&format!("${{base64encode({quoted})}}")).expect("JSON")
        );
        let mut hides = 0;
        for files in [
            vec![("main.tf", resource("base64encode(file(\"x.sh\"))")), ("x.sh", script.clone())],
            vec![("main.tf", resource(&format!("base64encode(<<SCRIPT\n{script}SCRIPT\n  )")))],
            vec![("main.tf", resource(&format!("base64encode({quoted})")))],
            vec![("main.tf.json", json)],
        ] {
            let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
            let folder = folder::with(&files);
            let formats: Vec<&str> = FORMATS.into_iter().filter(|format| *format != "diff").collect();
            for mode in [&["--scripts", "deny", "-v"][..], &["--check"], &["--write"]] {
                let (ended, reports) = run_with_reports(unroot(folder.path()).args(mode), &formats);
                let printed = [("stdout", ended.text().to_owned()), ("stderr", ended.err.clone())];
                for (format, text) in reports.iter().chain(&printed) {
                    assert!(!text.contains("LEAKME"), "{line} in {format} of {}: {text}", files[0].1);
                }
                hides += reports.iter().filter(|(_, text)| text.contains("***")).count();
            }
        }
        assert!(hides > 3, "{line} is hidden in {hides} reports");
    }
}

/// A document outside of the repository that a program takes names of variables from is not read, and the notebook does not
/// comply for want of it.
#[test]
fn names_of_variables_come_from_the_repository_alone() {
    for (link, to) in [("conf/values.json", "../../values.json"), ("conf", "../outside")] {
        let folder = folder::with(&[
            ("repo/.git/HEAD", ""),
            (
                "repo/main.tf",
                "variable \"r\" {\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"a\" {\n  root_access = var.r\n}\n",
            ),
            (
                "repo/run.sh",
                "terraform apply $(jq -r 'to_entries[] | \"-var \\(.key)=\\(.value)\"' conf/values.json)\n",
            ),
            ("values.json", "{\"r\": \"LEAKME\"}\n"),
            ("outside/values.json", "{\"r\": \"LEAKME\"}\n"),
        ]);
        let place = folder.path().join("repo").join(link);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        symlink(to, place).expect("a link");
        let ended = crate::support::program::run(unroot(&folder.path().join("repo")).arg("--check"));
        assert_eq!(ended.code, Some(1), "{link}: {ended:?}");
        assert!(ended.text().contains("run.sh"), "{link}: {ended:?}");
        assert!(!ended.text().contains("values.json") && !ended.text().contains("LEAKME"), "{link}: {ended:?}");
    }
}
