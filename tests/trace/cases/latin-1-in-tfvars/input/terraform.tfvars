# café ÿ
ra = "Enabled"
