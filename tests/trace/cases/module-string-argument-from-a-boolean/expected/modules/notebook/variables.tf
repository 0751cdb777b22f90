variable "root" {
  type = string
}
