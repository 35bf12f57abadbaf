import { mount } from '../ui/mount'
import { Field } from './Field'

void mount('/field', 'field', Field)
