variable "notebook_root" {
  type    = string
  default = "Enabled"
}
