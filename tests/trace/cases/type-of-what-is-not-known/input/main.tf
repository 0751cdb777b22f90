variable "text" {
  type = string
}

variable "texts" {
  type = list(string)
}

variable "map" {
  type = map(string)
}

variable "set" {
  type = set(string)
}

variable "number" {
  type = number
}

resource "aws_sagemaker_notebook_instance" "conditional" {
  name        = "conditional"
  root_access = (true ? true : var.text) == true ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "empty_list" {
  name        = "empty_list"
  root_access = (true ? [] : var.texts) == [] ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "empty_map" {
  name        = "empty_map"
  root_access = (true ? {} : var.map) == {} ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "set" {
  name        = "set"
  root_access = length(true ? ["a", "a"] : var.set) == 2 ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "coalesced" {
  name        = "coalesced"
  root_access = coalesce(true, var.text) == true ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "listed" {
  name        = "listed"
  root_access = tolist([true, var.text])[0] == true ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "among" {
  name        = "among"
  root_access = toset([1, var.text]) == toset([1]) ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "template" {
  name        = "template"
  root_access = (true ? true : "${var.text} x") == true ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "number" {
  name        = "number"
  root_access = (true ? "1" : var.number) == 1 ? "Disabled" : "Enabled"
}

resource "aws_sagemaker_notebook_instance" "attribute" {
  name        = "attribute"
  root_access = can((true ? tolist([]) : var.texts)[*].key) ? "Disabled" : "Enabled"
}
