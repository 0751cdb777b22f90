module "known" {
  source = "../../modules/notebook"

  root_access = "Disabled"
}

module "asked" {
  source = "../../modules/notebook"

  root_access = data.aws_ssm_parameter.root.value
}

data "aws_ssm_parameter" "root" {
  name = "/notebooks/root"
}
