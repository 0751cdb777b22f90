variable "root" {
  type    = string
  default = "Enabled"
}
