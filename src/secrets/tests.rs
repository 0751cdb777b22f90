use super::*;

/// A line of a script, and what is hidden in it.
const LINES: [(&str, &[&str]); 53] = [
    ("curl -u root:pw1x https://a.b/c", &["pw1x"]),
    ("curl -uroot:pw1x https://a.b/c", &["pw1x"]),
    ("curl -u \"${NAME:-me}:pw1x\" https://a.b/c", &["pw1x"]),
    ("curl -u $${NAME:-me}:pw1x https://a.b/c", &["pw1x"]),
    ("sudo -u ec2-user fetch -u me:pw1x https://a.b/c", &["pw1x"]),
    ("sudo -E X=y curl -s -u me:pw1x https://a.b/c", &["pw1x"]),
    ("curl --user 'root:p w1x' https://a.b/c", &["p w1x"]),
    ("PASSWORD=hunter2 ./run", &["hunter2"]),
    ("export AWS_SECRET_ACCESS_KEY=wJalr/x+y", &["wJalr/x+y"]),
    ("export DB_PASS=\"a b;c\"; ls", &["a b;c"]),
    ("mysql -psecret1 -u root", &["secret1"]),
    ("sudo mysql -u root -p'se cret' db", &["se cret"]),
    ("git clone https://user:t0ken@github.com/a/b", &["t0ken"]),
    ("git clone https://t0ken@github.com/a/b", &["t0ken"]),
    ("psql postgresql://u:p/w@db:5432/x", &["p/w"]),
    ("curl -H 'Authorization: Bearer abc.def' https://a.b", &["abc.def"]),
    ("curl -H \"X-Api-Key: abcdef\" https://a.b", &["abcdef"]),
    ("curl 'https://a.b/c?user=me&token=abcd&x=1'", &["abcd"]),
    ("wget --password=abcd --http-password abce https://a.b", &["abcd", "abce"]),
    ("echo 'hunter2' | sudo passwd --stdin ec2-user", &["hunter2"]),
    ("echo 'ec2-user:hunter2' | chpasswd", &["hunter2"]),
    ("echo hunter2 | docker login -u me --password-stdin", &["hunter2"]),
    ("docker login -u me -p hunter2", &["hunter2"]),
    ("echo hunter2 | sudo -S yum install -y jq", &["hunter2"]),
    ("sudo -S yum install <<< 'hunter2'", &["hunter2"]),
    ("sshpass -p hunter2 ssh a@b", &["hunter2"]),
    ("aws configure set aws_secret_access_key abcdefg", &["abcdefg"]),
    ("aws ssm put-parameter --name x --value hunter2", &["hunter2"]),
    ("echo 'machine a.b login me password hunter2' > ~/.netrc", &["hunter2"]),
    ("jupyter lab --NotebookApp.token='hunter2'", &["hunter2"]),
    ("npm config set //a.b/:_authToken=hunter2", &["hunter2"]),
    ("useradd -p '$6$abc' me", &["$6$abc"]),
    ("mount -t cifs -o username=me,password=hunter2 //a/b /mnt", &["hunter2"]),
    ("smbclient -U 'me%hunter2' //a/b", &["hunter2"]),
    ("echo '{\"api_key\": \"hunter2\"}' > x", &["hunter2"]),
    ("echo \"{\\\"api_key\\\": \\\"hunter2\\\"}\" > x", &["hunter2"]),
    ("password: hunter2", &["hunter2"]),
    ("password = hunter2", &["hunter2"]),
    ("pip install x --index-url https://aws:abc123@a.b/simple", &["abc123"]),
    ("x ghp_abcdef123456", &["ghp_abcdef123456"]),
    ("x AKIAIOSFODNN7EXAMPLE", &["AKIAIOSFODNN7EXAMPLE"]),
    ("x wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]),
    ("x 0123456789abcdef0123456789abcdef", &["0123456789abcdef0123456789abcdef"]),
    ("curl https://hooks.slack.com/services/T0/B0/abc", &["services/T0/B0/abc"]),
    ("`sudo curl -u root:pw1x…`", &["pw1x…"]),
    ("`git clone https://user:t0k…`", &["t0k"]),
    ("vault login hunter2", &["hunter2"]),
    ("openssl enc -aes-256-cbc -k hunter2", &["hunter2"]),
    ("zip -P hunter2 a.zip b", &["hunter2"]),
    ("redis-cli -a hunter2 ping", &["hunter2"]),
    ("docker run -e DB_PASSWORD=hunter2 -p 80:80 x", &["hunter2"]),
    ("root_access = sensitive( \"hunter2\")", &["hunter2"]),
    ("export PGPASSWORD='hunter2' && psql", &["hunter2"]),
];

#[test]
fn secrets_are_hidden_and_nothing_else() {
    for (line, secrets) in LINES {
        let mut expected = line.to_owned();
        for secret in secrets {
            expected = expected.replacen(secret, HIDDEN, 1);
        }
        assert_eq!(hide(line), expected, "{line}");
    }
}

#[test]
fn other_lines_stay_as_they_are() {
    for line in [
        "sudo -u ec2-user -i <<'EOF'",
        "sudo -u \"${NB_USER:-ec2-user}\" -i",
        "sudo -u \"$${NB_USER:-ec2-user}\" sudo id",
        "`sudo -u \"${NB_USER:…` runs as ec2-user",
        "nonsensitive(\"a\") issensitive(\"a\") sensitive(var.a)",
        "sudo -E curl https://a.b/c",
        "sudo -n -u ${A:-${B:-me}} id",
        "docker exec -it -u me:users x bash",
        "curl -u ${USER:-me} https://a.b/c",
        "sudo yum install -y jq",
        "export PATH=/home/ec2-user/anaconda3/bin:$PATH PWD=/x",
        "TOKEN=$(curl -X PUT http://169.254.169.254/latest/api/token)",
        "PASSWORD=$DB_PASSWORD PASSWORD=\"${DB_PASSWORD}\" ./run",
        "curl -u \"$USER:$PASSWORD\" https://a.b:8080/c",
        "git clone https://$TOKEN@github.com/a/b git@github.com:a/b ssh://git@a.b/c",
        "chmod u+s /usr/bin/passwd",
        "passwd -d ec2-user",
        "docker run -u 1000:1000 -p 8080:80 x",
        "chown -R ec2-user:ec2-user /home/ec2-user/SageMaker",
        "wget https://repo.anaconda.com/miniconda/Miniconda3-py39_4.12.0-Linux-x86_64.sh",
        "aws secretsmanager get-secret-value --secret-id prod/db --query SecretString",
        "aws ssm get-parameter --name /a/token --with-decryption",
        "aws sagemaker add-tags --tags Key=a,Value=b",
        "/home/ec2-user/anaconda3/envs/python3/bin/pip install x",
        "sed -i 's/^PasswordAuthentication.*/x/' /etc/ssh/sshd_config",
        "subnet_id = aws_subnet.a.id",
        "kms_key_id = \"alias/a\"",
        "password = var.password",
        "echo 'ec2-user ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/x",
        "`sudo yum install -y …` runs as ec2-user (\"sudo: a password is required\")",
    ] {
        assert_eq!(hide(line), line);
    }
}

#[test]
fn a_value_is_hidden_where_it_stands_alone_and_where_it_is_cut() {
    let secrets = Secrets::of(
        "export DB_PASSWORD=hunter2-long\nchpasswd <<EOF\nme:correct horse\nEOF\ncurl -u \\\n  me:batteries x\n",
    );
    assert_eq!(secrets.hide("cat /x/hunter2-long"), "cat /x/***");
    assert_eq!(secrets.hide("`x hunter2-l…` runs"), "`x ***…` runs");
    assert_eq!(secrets.hide("xhunter2-longx, hunter"), "xhunter2-longx, hunter");
    assert_eq!(secrets.hide("correct horse and batteries"), "*** and ***");
    let secrets = Secrets::of("P=hunter2\nQ='a bc'\nmysql -p$P -u root\ncurl -u me:${Q} x\nR=other\n");
    assert_eq!(secrets.hide("hunter2 a bc other"), "*** *** other");
    assert_eq!(hide(r#""P=hunter2\nmysql -p$P\n""#), r#""P=*** -p***""#);
}

/// What is made to take long, a quarter of a mebibyte each: it takes as long as honest text, or the test does not end.
#[test]
fn hostile_text_is_read_once() {
    for part in [
        "://",
        "a_key=",
        "a_key=$(",
        "a_key=\"",
        "x/Y1",
        "PRIVATE KEY-----",
        "eyJ",
        "-p \\\n",
        "chpasswd <<E\n",
        "a:b@",
        "…",
        "password ",
        "sensitive(\"",
    ] {
        let text = part.repeat((1 << 18) / part.len());
        let secrets = Secrets::of(&text);
        assert!(secrets.values.len() <= MOST_VALUES, "{part}");
    }
}
