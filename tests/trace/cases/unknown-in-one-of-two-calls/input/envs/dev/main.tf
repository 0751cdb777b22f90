module "known" {
  source = "../../modules/notebook"

  root_access = "Enabled"
}

module "asked" {
  source = "../../modules/notebook"

  root_access = data.aws_ssm_parameter.root.value
}

data "aws_ssm_parameter" "root" {
  name = "/notebooks/root"
}
