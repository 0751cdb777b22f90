# One notebook instance for one team. Whether its users get root is the caller's choice.
resource "aws_sagemaker_notebook_instance" "this" {
  name                   = "${var.team}-notebook"
  role_arn               = var.role_arn
  instance_type          = var.instance_type
  direct_internet_access = "Disabled"
  subnet_id              = var.subnet_id
  security_groups        = var.security_group_ids
  root_access            = var.root_access

  tags = {
    Team = var.team
  }
}
