# unroot:ignore[root-access-null] it is looked at by hand
resource "aws_sagemaker_notebook_instance" "null" {
  name        = "null"
  root_access = null
}

resource "aws_sagemaker_notebook_instance" "as_another" {
  name        = "as-another"
  root_access = coalesce(aws_sagemaker_notebook_instance.null.root_access, "Disabled")
}
