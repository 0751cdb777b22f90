# The platform team switches this one by hand, during incidents.
data "aws_ssm_parameter" "root_access" {
  name = "/notebooks/shared/root-access"
}

resource "aws_sagemaker_notebook_instance" "shared" {
  name          = "shared"
  role_arn      = var.role_arn
  instance_type = "ml.t3.xlarge"
  root_access   = data.aws_ssm_parameter.root_access.value
}
