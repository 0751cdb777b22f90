module "notebook" {
  source = "../../modules/notebook"

  enable_root = var.root
}

variable "root" {
  default = false
}
