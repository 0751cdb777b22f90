variable "allow_root" {
  type    = string
  default = "Disabled"
}
