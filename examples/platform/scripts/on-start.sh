#!/bin/bash
# Runs as root at every start of the notebook, whatever root_access says.
set -e

# As root already: works, and needs no sudo.
sudo yum install -y unixODBC

# As the notebook user: without root access, the sudo in here fails, and the notebook does not start.
sudo -u ec2-user -i <<'EOF'
source activate python3
pip install --quiet pyodbc
sudo ldconfig
EOF
