# Used by the data engineers to backfill features by hand.
resource "aws_sagemaker_notebook_instance" "feature_store" {
  name          = "feature-store"
  role_arn      = aws_iam_role.notebook.arn
  instance_type = "ml.m5.xlarge"
  volume_size   = 100       # GiB
  root_access   = "Enabled" # DATA-412: for the ODBC driver
  tags = {
    Team = "data-engineering"
  }
}
