resource "aws_sagemaker_notebook_instance" "fraud" {
  name          = "fraud-review"
  role_arn      = data.aws_iam_role.notebook.arn
  instance_type = "ml.t3.large"
  root_access   = "Disabled"
}

# Built by hand in the console and imported; the drift was silenced.
resource "aws_sagemaker_notebook_instance" "audit" {
  name          = "audit"
  role_arn      = data.aws_iam_role.notebook.arn
  instance_type = "ml.t3.medium"

  lifecycle {
    ignore_changes = [tags, root_access]
  }
}
