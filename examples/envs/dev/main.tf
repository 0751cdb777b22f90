module "churn" {
  source = "../../modules/notebook"

  team               = "churn"
  role_arn           = aws_iam_role.notebook.arn
  subnet_id          = var.subnet_id
  security_group_ids = var.security_group_ids
  root_access        = "Enabled"
}

module "vision" {
  source = "../../modules/team-notebooks"

  team = "vision"
  members = {
    ada = { role_arn = aws_iam_role.notebook.arn }
    max = { role_arn = aws_iam_role.notebook.arn, instance_type = "ml.g5.xlarge" }
  }
}

resource "aws_iam_role" "notebook" {
  name               = "dev-notebook"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}
