//! A lifecycle script of 16 KiB, the most the API takes, analysed in process. The aim is 10 ms.

use std::hint::black_box;
use std::time::{Duration, Instant};

use unroot::script::analyse;

const SIZE: usize = 16 * 1024;
const ROUNDS: usize = 51;

/// What real scripts are made of.
const PART: &str = r#"
IDLE_TIME=${1:-3600}
sudo -u ec2-user -i <<'EOF'
source /home/ec2-user/anaconda3/bin/activate JupyterSystemEnv
pip install --upgrade jupyterlab-git
sudo yum install -y jq
echo "alias rj='sudo systemctl restart jupyter-server'" >> ~/.bashrc
EOF
if [ -f /etc/profile.d/jupyter-env.sh ]; then
    echo "export A=$(aws sts get-caller-identity --query Account --output text)" >> /etc/profile.d/jupyter-env.sh
fi
for folder in a b c; do mkdir -p "/home/ec2-user/SageMaker/$folder"; done
(crontab -l 2>/dev/null; echo "*/5 * * * * /usr/bin/python3 /opt/lc/idle.py --time $IDLE_TIME") | crontab -
"#;

/// Prints the fastest and the median time.
pub(crate) fn run() {
    let script = "#!/bin/bash\nset -e\n".to_owned() + &PART.repeat(SIZE / PART.len());
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            black_box(analyse(black_box(&script)));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "\none script of {} bytes: fastest {:.2} ms, median {:.2} ms",
        script.len(),
        milliseconds(times[0]),
        milliseconds(times[ROUNDS / 2])
    );
}
