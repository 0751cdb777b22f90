module "churn" {
  source = "../../modules/notebook"

  team               = "churn"
  role_arn           = data.aws_iam_role.notebook.arn
  subnet_id          = var.subnet_id
  security_group_ids = var.security_group_ids
  root_access        = "Disabled"
}

data "aws_iam_role" "notebook" {
  name = "prod-notebook"
}

variable "subnet_id" {
  type = string
}

variable "security_group_ids" {
  type = list(string)
}
