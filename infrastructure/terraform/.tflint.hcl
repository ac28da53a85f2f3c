# The rules that come with tflint: all but one.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# It wants a main.tf, as modules for others have one. Here a file is of one idea, and none is the main one.
rule "terraform_standard_module_structure" {
  enabled = false
}
