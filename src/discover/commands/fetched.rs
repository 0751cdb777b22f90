//! Values that commands take from outside the repository: from a service, or from a file that lies elsewhere. Nobody who reads the
//! repository can tell which variables they set.

use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::Regex;

use super::settings::speaks_of_terraform;
use super::words::PREFIX;

/// What fetches from a service, by the first word of a command, or by a call of its library.
const FETCHES: &str = r"\b(?:aws|az|azcopy|boto3|consul-template|curl|gcloud|gh|gsutil|mc|rclone|s3cmd|scp|sops|ssh|vault|wget|hvac)\b|\b(?:requests|httpx|axios|http)\.get\b|\burlopen\b|\bfetch\(|Invoke-(?:WebRequest|RestMethod)";

/// How the paths of files begin that are not the repository's.
const OUTSIDE_FOLDERS: &str = r"(?:/(?:etc|home|mnt|opt|root|run|srv|tmp|usr|var)/|~/|\$[{(]?HOME[})]?/)";

/// Whether a text takes values from elsewhere. `puts_together` tells whether the names of variables are computed in it.
///
/// Sources: the documents of Terraform ("Input variables"), Doppler (`run --name-transformer`), Infisical, Chamber, Teller,
/// 1Password (`op run`), Summon and envconsul, which start a program with variables of a service, and Pulumi ("Use a
/// Terraform module").
pub(super) fn takes_values(bytes: &[u8], puts_together: bool) -> bool {
    static FETCHING: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?-u){FETCHES}")).ok());
    static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let outside = format!(r#"-var-file[ =]["']?{OUTSIDE_FOLDERS}"#);
        let started =
            r"\b(?:doppler|infisical|teller|op)\s+run\b|\b(?:chamber|berglas)\s+exec\b|\b(?:summon|envconsul)\s";
        // An environment of a service that a shell takes over, or a job of GitHub or CircleCI.
        let secret = r"\b(?:ssm|secrets?|secretsmanager|keyvault|vault|parameters?)\b";
        let over =
            format!(r#"(?:\b(?:eval|export|source)|(?m:^|[;&{{])[ \t]*\.)[ \t]+["']?(?:\$\$?\(|<\(|`)[^\n]*{secret}"#);
        let to_job = format!(
            r#"(?m:^|[;&:])[ \t-]*(?:{FETCHES})[^\n]*{secret}[^\n]*>>[ \t]*["']?\$\{{?(?:GITHUB_ENV|BASH_ENV)\b"#
        );
        let by_pulumi = r#"\bsource:\s*["']?terraform-module\b"#;
        Regex::new(&format!("(?-u){outside}|{started}|{over}|{to_job}|{by_pulumi}")).ok()
    });
    let has = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(bytes));
    let names_values = memmem::find(bytes, b".tfvars").is_some();
    names_values
        && (has(&FETCHING) && (fetches_values(bytes) || writes_values(bytes))
            || copies_what_is_given(bytes)
            || writes_what_a_job_is_given(bytes))
        || puts_together && settings_near(bytes).any(|near| FETCHING.as_ref().is_some_and(|fetch| fetch.is_match(near)))
        || names_values && writes_what_is_not_shown(bytes)
        || (has(&ELSEWHERE) || is_given_files(bytes)) && speaks_of_terraform(bytes)
}

/// Whether a text lets a program render a file of values from a template, as the agents of Vault and Consul do.
///
/// Source: the documents of Vault Agent ("template", `destination`) and of Consul Template.
pub(super) fn renders_values(bytes: &[u8]) -> bool {
    static RENDERS: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?m-u)^[ \t]*"?destination"?\s*[=:]\s*"[^"\n]*\.tfvars(?:\.json)?""#).ok());
    RENDERS.as_ref().is_some_and(|renders| renders.is_match(bytes))
}

/// The text around the places where variables are handed over: what is put together there comes from near by.
fn settings_near(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    const BEFORE: usize = 400;
    const BEHIND: usize = 100;
    let places = [PREFIX, b"-var"].into_iter().flat_map(|sign| memmem::find_iter(bytes, sign));
    places.map(|at| &bytes[at.saturating_sub(BEFORE)..bytes.len().min(at + BEHIND)])
}

/// Whether a job of Jenkins is given files for its time that a service keeps, besides those that providers read by the names of their
/// own variables.
///
/// Source: the documents of Jenkins, "Credentials Binding Plugin".
fn is_given_files(bytes: &[u8]) -> bool {
    static FILES: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)\bfile\(([^)]*\bcredentialsId:[^)]*)\)").ok());
    const NAMES: &str = "GOOGLE_(?:APPLICATION_)?CREDENTIALS|KUBE_?CONFIG|AWS_SHARED_CREDENTIALS_FILE";
    static OF_PROVIDER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!(r#"(?-u)\bvariable:\s*["'](?:{NAMES})["']"#)).ok());
    // Whoever gives one of these as values names it.
    static USED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!(r"(?-u)-var-file[ =]\S*(?:{NAMES})|(?:{NAMES})[^\n]*tfvars")).ok());
    let is = |regex: &Option<Regex>, text: &[u8]| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    let mut files = FILES.iter().flat_map(|files| files.captures_iter(bytes));
    memmem::find(bytes, b"withCredentials").is_some()
        && files.any(|file| !file.get(1).is_some_and(|file| is(&OF_PROVIDER, file.as_bytes())) || is(&USED, bytes))
}

/// Whether a command fetches a file of values.
fn fetches_values(bytes: &[u8]) -> bool {
    static FETCHING: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?-u){FETCHES}")).ok());
    // A folder may be called as a program is: `-chdir=infra/aws`, `aws/terraform.tfvars`.
    let is_program = |command: &[u8], start: usize, end: usize| {
        let is_outside = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`".contains(byte);
        let word = &command[command[..start].iter().rposition(is_outside).map_or(0, |last| last + 1)..];
        !word.starts_with(b"-") && command.get(end) != Some(&b'/')
    };
    let mut commands = bytes.split(|byte| b"\n&;|".contains(byte));
    commands.any(|command| {
        memmem::rfind(command, b".tfvars").is_some_and(|last| {
            let command = &command[..last];
            let mut programs = FETCHING.iter().flat_map(|fetching| fetching.find_iter(command));
            programs.any(|program| is_program(command, program.start(), program.end()))
        })
    })
}

/// Whether a call of a program writes a file of values.
fn writes_values(bytes: &[u8]) -> bool {
    static WRITES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let call = r#"\bopen\([^\n)]*\.tfvars[^\n)]*["'][wa]|\b(?:download\w*|write\w*|copy\w*)\([^\n]*\.tfvars"#;
        Regex::new(&format!("(?-u){call}")).ok()
    });
    WRITES.as_ref().is_some_and(|writes| writes.is_match(bytes))
}

/// Whether a job of Jenkins writes a file from nothing but a parameter that it is given.
///
/// Source: the documents of Jenkins, "Pipeline: Basic Steps" (`writeFile`) and "Pipeline Utility Steps" (`writeJSON`, `readJSON`).
fn writes_what_a_job_is_given(bytes: &[u8]) -> bool {
    static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?-u)\bwrite(?:File|JSON|Yaml)\b[^\n]*\b(?:text|json|data):\s*["']?\$?\{?([\w.]+)(?:\}?["']?\s*[,)\n]|$)"#).ok()
    });
    static GIVEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?-u)\b(\w+)\s*=\s*(?:read(?:JSON|Yaml)\b\s*\(?\s*text:\s*)?(?:params|env)\.\w").ok()
    });
    let text = |found: Option<regex::bytes::Match<'_>>| found.map_or(Vec::new(), |found| found.as_bytes().to_vec());
    let given: Vec<Vec<u8>> =
        GIVEN.iter().flat_map(|given| given.captures_iter(bytes)).map(|found| text(found.get(1))).collect();
    let mut written = WRITTEN.iter().flat_map(|written| written.captures_iter(bytes)).map(|found| text(found.get(1)));
    written.any(|value| value.starts_with(b"params.") || value.starts_with(b"env.") || given.contains(&value))
}

/// Whether a file of values is the copy of a file that only a variable of the environment names, as a service's secrets are given
/// to its jobs. Who sets the variable in the same text says which file it is.
///
/// Source: GitLab's documentation, "CI/CD variables", type `file`.
fn copies_what_is_given(bytes: &[u8]) -> bool {
    static COPY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let source = r#"["']?\$\{?([A-Za-z_]\w*)\}?["']?"#;
        Regex::new(&format!(r#"(?-u)\b(?:cat|cp|ln|mv)\s+(?:-\S+\s+)*{source}\s+(?:>\s*)?["']?[^\s"'<>|;&]*\.tfvars"#))
            .ok()
    });
    let mut copies = COPY.iter().flat_map(|copy| copy.captures_iter(bytes));
    copies.any(|copy| {
        let name = copy.get(1).map_or(&b""[..], |name| name.as_bytes());
        let is_set = |at: usize| {
            let (before, behind) = (&bytes[..at], bytes[at + name.len()..].trim_ascii_start());
            let is_own = |word: &[u8]| before.trim_ascii_end().ends_with(word);
            !before.ends_with(b"$")
                && !before.ends_with(b"{")
                && (b"=:?+".contains(behind.first().unwrap_or(&b' ')) || is_own(b"for") || is_own(b"read"))
        };
        !memmem::find_iter(bytes, name).any(is_set)
    })
}

/// Whether a shell writes a file of values, and neither by a text that shows what it sets nor from a file of the repository.
fn writes_what_is_not_shown(bytes: &[u8]) -> bool {
    static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let into = r#"(?:>>?|\|\s*(?:sudo\s+)?tee(?:\s+-a)?\s)\s*["']?[^\s"'<>|;&]*\.tfvars(?:\.json)?"#;
        Regex::new(&format!(r#"(?m-u)^([^\n]*?)({into}(?:["'\s;&|)][^\n]*)?)$"#)).ok()
    });
    static SHOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let inline_document = r#"(?:^|[^<])<<-?\s*["'\\]?\w"#;
        let printed = r#"\b(?:echo|printf)\b.*\w["']?\s*(?:=|:(?:[^/]|$))|^\s*["'].*\w\s*="#;
        let object = r"\bjq\s+-\w*n\b.*\{";
        let end_of_a_group = r"^\s*(?:[)}]|done\b)?\s*$";
        let comment = r"^\s*(?:#|//)";
        Regex::new(&format!("(?-u){inline_document}|{printed}|{object}|{end_of_a_group}|{comment}")).ok()
    });
    static COPIED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?-u)^[\s@-]*(?:run:\s*)?(?:cat|cp|head|sed|tail|terraform-docs)\s").ok());
    static OUTSIDE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?-u){OUTSIDE_FOLDERS}")).ok());
    let has = |regex: &Option<Regex>, text: &[u8]| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    let mut lines = WRITTEN.iter().flat_map(|written| written.captures_iter(bytes));
    lines.any(|line| {
        let part = |at| line.get(at).map_or(&b""[..], |part| part.as_bytes());
        let (command, rest) = (part(1), part(2));
        let is_copied = has(&COPIED, command) && !has(&OUTSIDE, command);
        !is_copied && !has(&SHOWN, command) && !has(&SHOWN, rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_from_elsewhere_are_told_from_those_in_sight() {
        let elsewhere = [
            "aws s3 cp s3://config/dev.tfvars terraform.tfvars",
            "vault kv get -format=json kv/nb > terraform.tfvars.json",
            "curl -so x.auto.tfvars https://config/x",
            "scp ops:values/dev.tfvars .",
            "sops -d secrets.enc > secrets.auto.tfvars",
            "terraform plan -var-file=$HOME/dev.tfvars",
            "terraform plan -var-file ~/dev.tfvars",
            "terraform plan -var-file=/etc/nb/dev.tfvars",
            "echo \"$TFVARS\" > terraform.tfvars",
            "  - run: echo '${{ secrets.TFVARS }}' > terraform.tfvars",
            "base64 -d <<< \"$TFVARS\" > terraform.tfvars",
            "base64 -d <<< \"$TFVARS\" | tee terraform.tfvars",
            "python gen.py >> x.auto.tfvars.json && terraform plan",
            "python gen.py --stage=prod > x.auto.tfvars.json",
            "STAGE=prod ./gen > terraform.tfvars",
            "curl -s \"https://config/#x\" | base64 -d > terraform.tfvars",
            "cat /run/secrets/values > terraform.tfvars",
            "sed 's/a/b/' \"$HOME/values\" > terraform.tfvars",
            "s3.download_file('b', 'k', 'terraform.tfvars')  # boto3",
            "body = requests.get(url).text\nopen('terraform.tfvars', 'w').write(body)",
            "cp \"$NB_VALUES\" modules/nb/terraform.tfvars",
            "cat $NB_VALUES > terraform.tfvars",
            "withCredentials([file(credentialsId: 'nb', variable: 'NB')]) { sh 'terraform plan -var-file=$NB' }",
            "withCredentials([\n  file(credentialsId: 'nb', variable: 'NB')\n]) { sh 'terraform plan -var-file=$NB' }",
            "withCredentials([file(credentialsId: 'nb', variable: 'KUBECONFIG')]) { sh 'terraform plan -var-file=$KUBECONFIG' }",
            "/usr/local/bin/aws s3 cp s3://config/nb infra/aws/terraform.tfvars",
            "writeFile file: \"terraform.tfvars\", text: params.values",
            "def values = readJSON text: params.values\nwriteJSON file: 'x.auto.tfvars.json', json: values",
            "eval \"$(aws ssm get-parameter --name nb)\" && terraform plan",
            "terraform plan # after\nsource <(vault kv get nb)",
            "- run: aws ssm get-parameter --name nb >> $GITHUB_ENV\n- run: terraform plan",
            "consul-template -template nb.ctmpl:terraform.tfvars -once",
            "doppler run --name-transformer tf-var -- terraform plan",
            "chamber exec nb -- terraform apply",
            "# terraform\npackages:\n  nb:\n    source: terraform-module",
        ];
        for text in elsewhere {
            assert!(takes_values(text.as_bytes(), false), "{text}");
        }
        let in_sight = [
            "aws s3 ls && terraform plan -var-file=dev.tfvars",
            "curl https://example.org\nterraform plan -var-file=dev.tfvars",
            "cat > terraform.tfvars <<EOF\nra = 1\nEOF",
            "cat <<-'EOF' > terraform.tfvars\nra = 1\nEOF",
            "echo 'ra = \"Enabled\"' > terraform.tfvars",
            "echo \"ra: $RA\" | tee terraform.tfvars",
            "cp envs/dev.tfvars terraform.tfvars",
            "VALUES=envs/dev.tfvars\ncp $VALUES terraform.tfvars",
            "for VALUES in envs/*.tfvars; do cp $VALUES terraform.tfvars; done",
            "cp \"$1\" terraform.tfvars",
            "cp $STAGE/nb.tfvars terraform.tfvars",
            "cat envs/*.tfvars > terraform.tfvars",
            "{\n  echo 'a = 1'\n} > terraform.tfvars",
            "jq -n --arg ra \"$RA\" '{ra: $ra}' > x.auto.tfvars.json",
            "'ra = \"Enabled\"' > terraform.tfvars",
            "sed \"s/STAGE/$STAGE/\" values.template > terraform.tfvars",
            "terraform-docs tfvars hcl . > terraform.tfvars",
            "terraform-docs tfvars hcl . > terraform.tfvars.example",
            "# echo \"$TFVARS\" > terraform.tfvars",
            "chamber exec nb -- ./server",
            "withCredentials([file(credentialsId: 'k', variable: 'GOOGLE_CREDENTIALS')]) { sh 'terraform plan' }",
            "terraform -chdir=infra/aws plan -var-file=dev.tfvars",
            "cp envs/aws/dev.tfvars terraform.tfvars",
            "def values = [ra: params.ra]\nwriteJSON file: 'terraform.tfvars.json', json: values",
            "eval \"$(aws sts assume-role)\" && terraform plan",
            "echo \"A=$(aws ssm get-parameter --name nb)\" >> $GITHUB_ENV; terraform plan",
        ];
        for text in in_sight {
            assert!(!takes_values(text.as_bytes(), false), "{text}");
        }
    }

    #[test]
    fn names_that_are_put_together_may_be_those_of_a_service() {
        let text = b"for k in $(vault kv list nb); do export TF_VAR_$k=1; done";
        assert!(takes_values(text, true));
        assert!(!takes_values(text, false));
        let apart = format!("aws s3 ls\n{}\nexport TF_VAR_$k=1", "echo\n".repeat(100));
        assert!(!takes_values(apart.as_bytes(), true));
    }
}
