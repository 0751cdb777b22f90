variable "root" {
  type    = bool
  default = true
}
