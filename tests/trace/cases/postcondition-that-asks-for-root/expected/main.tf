resource "aws_sagemaker_notebook_instance" "this" {
  name          = "analysis"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = var.root_access

  lifecycle {
    postcondition {
      condition     = self.url != "" && self.root_access == "Enabled"
      error_message = "The kernels want root."
    }
  }
}

resource "aws_sagemaker_notebook_instance" "counted" {
  count         = 2
  name          = "counted-${count.index}"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = "Enabled"
}

resource "terraform_data" "of_root" {
  count = aws_sagemaker_notebook_instance.counted[0].root_access == "Enabled" ? 1 : 0
}

resource "aws_sagemaker_notebook_instance" "either" {
  name          = "either"
  role_arn      = "arn:aws:iam::111122223333:role/notebook"
  instance_type = "ml.t3.medium"
  root_access   = "Disabled"

  lifecycle {
    postcondition {
      condition     = contains(["Enabled", "Disabled"], self.root_access)
      error_message = "Neither on nor off."
    }
  }
}

variable "root_access" {
  type    = string
  default = "Enabled"
}
