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
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "empty_list" {
  name        = "empty_list"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "empty_map" {
  name        = "empty_map"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "set" {
  name        = "set"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "coalesced" {
  name        = "coalesced"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "listed" {
  name        = "listed"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "among" {
  name        = "among"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "template" {
  name        = "template"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "number" {
  name        = "number"
  root_access = "Disabled"
}

resource "aws_sagemaker_notebook_instance" "attribute" {
  name        = "attribute"
  root_access = "Disabled"
}
