resource "aws_sagemaker_notebook_instance" "plain" {
  root_access = local.plain.ra
}

resource "aws_sagemaker_notebook_instance" "quoted" {
  root_access = local.quoted["ra"]
}

resource "aws_sagemaker_notebook_instance" "computed" {
  root_access = local.computed.ra
}

resource "aws_sagemaker_notebook_instance" "template" {
  root_access = local.template.ra
}

resource "aws_sagemaker_notebook_instance" "number" {
  root_access = local.number["1"]
}

resource "aws_sagemaker_notebook_instance" "nested" {
  root_access = local.nested[0].a.ra
}
