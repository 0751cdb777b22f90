resource "aws_sagemaker_notebook_instance" "member" {
  for_each = var.members

  name          = "${var.team}-${each.key}"
  role_arn      = each.value.role_arn
  instance_type = each.value.instance_type

  lifecycle {
    prevent_destroy = true
  }
}
